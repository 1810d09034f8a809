# METADATA
# title: References between resources of a template
# description: |
#   Which resource a property means: by the name, id or ARN that Ref and Fn::GetAtt return for it, or by the plain
#   function itself where nobody resolved it. Resources are {type, written, attributes} by logical id, as
#   ctkms.documents.cloudformation makes them. Total functions.
# custom:
#   library: true
package ctkms.documents.cloudformation.reference

import data.ctkms.documents.cloudformation.intrinsic

# METADATA
# description: "The resource of one of these types that a property means; empty where it means none of the template's."
resource(written, types, resources) := _first([name |
	some name, found in resources
	found.type in types
	_means(written, name, found)
])

# METADATA
# description: |
#   The key of the template that a property means, by its id, its ARN, or the name or ARN of an alias; empty where it
#   means none.
key(written, resources) := _direct(written, resources) if {
	_direct(written, resources) != ""
} else := _first([target |
	some name, alias in resources
	alias.type == "AWS::KMS::Alias"
	target := _direct(object.get(alias.written, "TargetKeyId", null), resources)
	target != ""
	_means_alias(written, name, alias, resources[target])
])

# METADATA
# description: "The name of an alias; the sentinel where it is not known."
alias_name(alias) := intrinsic.value(object.get(alias.written, "AliasName", null))

_direct(written, resources) := resource(written, {"AWS::KMS::Key", "AWS::KMS::ReplicaKey"}, resources)

# The resource that a function means.
_means(written, name, _) if name in _references(written)

# A name, id or ARN: what Ref and Fn::GetAtt return, or the name that the template gives.
_means(written, _, found) if {
	is_string(written)
	some attribute in ["Ref", "Arn", "TopicName"]
	written == found.attributes[attribute]
}

_means(written, _, found) if {
	is_string(written)
	some property in ["BucketName", "TopicName"]
	written == found.written[property]
}

_means_alias(written, name, _, _) if name in _references(written)

_means_alias(written, _, alias, key) if {
	is_string(written)
	is_string(alias_name(alias))
	written in {alias_name(alias), concat(":", array.concat(_regional(key), [alias_name(alias)]))}
}

# What the ARNs of a key and of its aliases begin with.
_regional(key) := array.slice(split(_text(object.get(key.attributes, "Arn", "")), ":"), 0, 5)

# The logical ids in Ref, in Fn::GetAtt, and in Fn::Sub of nothing else.
_references(written) := {name |
	is_object(written)
	some name in [
		_text(object.get(written, "Ref", "")),
		split(_text(_head(object.get(written, "Fn::GetAtt", ""))), ".")[0],
		split(trim_suffix(trim_prefix(_text(object.get(written, "Fn::Sub", "")), "${"), "}"), ".")[0],
	]
	name != ""
}

_head(written) := written[0] if {
	is_array(written)
	count(written) > 0
} else := written

_text(written) := written if {
	is_string(written)
} else := ""

_first(names) := sort(names)[0] if {
	count(names) > 0
} else := ""
