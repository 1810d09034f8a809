# METADATA
# title: aws:SourceArn names the trails that use the key
# description: |
#   The value of aws:SourceArn is the ARN of the trail, to the letter: partition, the trail's home Region (not that
#   of the key or the bucket), the account that owns it (for organization trails the management account) and its
#   name. Wildcards need StringLike or an Arn operator. A trail that is not named is refused, as if the statement
#   were not there.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-trails
# custom:
#   id: CT-TRAIL-SOURCEARN-MATCH
#   level: error
#   provenance: documented
package ctkms.rules.trail.source_arn_match

import data.ctkms.exclusion
import data.ctkms.exclusion.nearest
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each trail that aws:SourceArn shuts out."
findings contains finding if {
	some alike in _by_condition
	values := nearest.index(exclusion.texts(alike[0].condition))
	some shut_out in alike
	subject := shut_out.one.probe.subject
	finding := result.finding("CT-TRAIL-SOURCEARN-MATCH", {
		"msg": sprintf("%v does not let CloudTrail act for trail %v: %v", [
			policy.label(shut_out.entry), subject, _why(shut_out, subject, values),
		]),
		"subject": subject,
		"statement": shut_out.entry,
		"path": shut_out.element.path,
		"remediation": exclusion.advice(shut_out.one),
	})
}

# The trails that one condition shuts out.
_by_condition := [alike |
	found := exclusion.found(["encrypt", "describe"], {"aws:sourcearn"})
	by_place := object.union_n([{[one.entry.index, one.element.path]: {position: one}} | some position, one in found])
	some by_position in by_place
	alike := [one | some one in by_position]
]

_why(shut_out, subject, values) := sprintf("to %v the wildcard in %v (%v) is a plain character", [
	shut_out.condition.operator,
	exclusion.taken_literally(shut_out.condition, subject)[0],
	shut_out.condition.name,
]) if {
	count(exclusion.taken_literally(shut_out.condition, subject)) > 0
} else := sprintf("%v names %v: %v", [
	shut_out.condition.name, near.text, concat("; ", _differences(near, subject)),
]) if {
	exclusion.positive(shut_out.condition.operator)
	near := nearest.to(values, subject)
	count(near.positions) > 0
} else := shut_out.element.why

_differences(near, subject) := ["that is not the ARN of a trail"] if {
	near.positions == [0]
} else := [sprintf("its %v is %v, the trail's %v", [_parts[position], theirs, ours]) |
	some position in near.positions
	theirs := trim_prefix(split(near.text, ":")[position], "trail/")
	ours := trim_prefix(split(subject, ":")[position], "trail/")
]

_parts := {1: "partition", 2: "service", 3: "home Region", 4: "account", 5: "name"}
