"""CloudFormation templates: resolves what a template leaves to its deployment, in all ways that make a difference."""
