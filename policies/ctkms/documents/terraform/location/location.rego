# METADATA
# title: Where the resources of a Terraform plan will be
# description: |
#   Account, Region and partition of resources whose ARNs are not known before the plan is applied: from the
#   configuration of their provider, from the data sources that the same provider read, and from the ARNs of other
#   resources of the same provider. Empty where the plan does not say, or says several. Where it says nothing and has
#   but one provider, what the user says of the deployment counts. The plan is told as in
#   ctkms.documents.terraform.reference, with the configurations of `providers`, the data sources (`sources`), and the
#   account, region and partition that the user gave (`deployment`).
# related_resources:
# - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/caller_identity
# - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/region
# - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition
# custom:
#   library: true
package ctkms.documents.terraform.location

import data.ctkms.documents.described
import data.ctkms.documents.inside
import data.ctkms.documents.terraform.reference
import data.ctkms.documents.terraform.resource

# METADATA
# scope: document
# description: "True where two resources are of one provider, or their ARNs of one account and Region."
beside(one, other, plan) if _same_provider(one, other, plan)

beside(one, other, _) if {
	every position in [3, 4] {
		field := described.field(resource.text(one, "arn"), position)
		field != ""
		field == described.field(resource.text(other, "arn"), position)
	}
}

# METADATA
# description: "The account of a resource."
account(of, plan) := _told(_accounts(of, plan), "account", plan)

# METADATA
# description: "The Region of a resource: its own, else that of its provider."
region(of, plan) := _told(_regions(of, plan), "region", plan)

# METADATA
# description: "The partition of a resource: as told, else that of its Region."
partition(of, plan) := told if {
	told := _only(_partitions_told(of, plan))
	told != ""
} else := _partition_of(region(of, plan)) if {
	region(of, plan) != ""
} else := _told(_partitions_told(of, plan), "partition", plan)

# METADATA
# description: "In what the user's word on the deployment contradicts the plan's on a resource, in words."
contradictions(of, plan) := [sprintf("in which %v %v will be: the plan says %v, and %v was given", [
	what, of.address, told, given,
]) |
	count(_aws_providers(plan)) < 2
	some [what, name, position, found] in [
		["account", "account", 4, _accounts(of, plan)],
		["Region", "region", 3, _regions(of, plan)],
		["partition", "partition", 1, _partitions_told(of, plan)],
	]
	given := object.get(plan.deployment, name, "")
	given != ""
	told := _only((found | {described.field(resource.text(of, "arn"), position)}) - {""})
	told != ""
	told != given
]

# What is found, if it is one, or else what was given, if nothing is found.
_told(found, name, plan) := object.get(plan.deployment, name, "") if {
	found == set()
	count(_aws_providers(plan)) < 2
} else := _only(found)

_accounts(of, plan) := _from_arns(of, plan, 4) | _from_sources(of, plan, "aws_caller_identity", ["account_id"])

_regions(of, plan) := {resource.text(of, "region")} if {
	resource.text(of, "region") != ""
} else := {_configured(of, plan)} if {
	_configured(of, plan) != ""
} else := _from_arns(of, plan, 3) | _from_sources(of, plan, "aws_region", ["region", "name", "id"])

_partitions_told(of, plan) := _from_arns(of, plan, 1) | _from_sources(of, plan, "aws_partition", ["partition"])

_partitions := {
	"cn": "aws-cn",
	"us-gov": "aws-us-gov",
	"us-iso": "aws-iso",
	"us-isob": "aws-iso-b",
	"eusc-de": "aws-eusc",
}

_partition_of(name) := object.get(_partitions, concat("-", array.slice(parts, 0, count(parts) - 2)), "aws") if {
	parts := split(name, "-")
}

_only(found) := [one | some one in found][0] if {
	count(found) == 1
} else := ""

# The name of the provider's configuration: where there is but one, that; none where the plan does not say.
_provider(of, plan) := key if {
	key := object.get(reference.block(of, plan), "provider_config_key", "")
	key in object.keys(plan.providers)
} else := _only(_aws_providers(plan))

_aws_providers(plan) := {key |
	some key, given in plan.providers
	given.name == "aws"
}

_same_provider(one, other, plan) if {
	_provider(one, plan) != ""
	_provider(one, plan) == _provider(other, plan)
}

# An organization's trails and stores have the management account in their ARNs, whoever made them.
_of_the_management_account := {"aws_cloudtrail", "aws_cloudtrail_event_data_store"}

_from_arns(of, plan, position) := {field |
	some other in plan.resources
	not other.type in _of_the_management_account
	field := described.field(resource.text(other, "arn"), position)
	field != ""
	_same_provider(of, other, plan)
}

_from_sources(of, plan, type, attributes) := {found[0] |
	some source in plan.sources
	source.type == type
	_same_provider(of, source, plan)
	found := [text |
		some attribute in attributes
		text := resource.text(source, attribute)
		text != ""
	]
	count(found) > 0
}

# The Region in the configuration of the provider: a constant, or a variable that is a Region's name.
_configured(of, plan) := _constant(object.get(inside.map(given, "expressions"), "region", {}), plan) if {
	given := inside.map(plan.providers, _provider(of, plan))
	not "module_address" in object.keys(given)
} else := ""

_constant(expression, plan) := told if {
	told := object.get(expression, "constant_value", _variable(object.get(expression, "references", []), plan))
	is_string(told)
	regex.match(`^[a-z]+(-[a-z]+)+-[0-9]+$`, told)
} else := ""

_variable(references, plan) := object.get(variable, "value", "") if {
	count(references) == 1
	variable := inside.map(plan.variables, trim_prefix(references[0], "var."))
} else := ""
