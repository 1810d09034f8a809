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
import data.ctkms.iam.pattern
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each trail that aws:SourceArn shuts out."
findings contains finding if {
	some shut_out in exclusion.found(["encrypt", "describe"], {"aws:sourcearn"})
	subject := shut_out.one.probe.subject
	finding := result.finding("CT-TRAIL-SOURCEARN-MATCH", {
		"msg": sprintf("%v does not let CloudTrail act for trail %v: %v", [
			policy.label(shut_out.entry), subject, _why(shut_out, subject),
		]),
		"subject": subject,
		"statement": shut_out.entry,
		"path": shut_out.element.path,
		"remediation": exclusion.advice(shut_out.one),
	})
}

_why(shut_out, subject) := sprintf("to %v the wildcard in %v (%v) is a plain character", [
	shut_out.condition.operator,
	exclusion.taken_literally(shut_out.condition, subject)[0],
	shut_out.condition.name,
]) if {
	count(exclusion.taken_literally(shut_out.condition, subject)) > 0
} else := sprintf("%v names %v: %v", [shut_out.condition.name, nearest[1], concat("; ", nearest[2])]) if {
	exclusion.positive(shut_out.condition.operator)
	nearest := _nearest(shut_out.condition, subject)
	count(nearest[2]) > 0
} else := shut_out.element.why

# The value that differs least from the trail's ARN, as [how many parts, value, the differences in words].
_nearest(condition, subject) := [nearest[0], nearest[1], _differences(nearest[1], own)] if {
	own := split(subject, ":")
	texts := exclusion.texts(condition)
	count(texts) > 0
	nearest := min([[count(_differing(split(value, ":"), own)), value] | some value in texts])
} else := [0, "", []]

# The positions of the parts that differ, one for what has other parts than the ARN of a trail.
_differing(fields, own) := [position |
	some position in [1, 2, 3, 4, 5]
	fields[position] != own[position]
	not pattern.like(trim_prefix(fields[position], "trail/"), trim_prefix(own[position], "trail/"))
] if {
	count(fields) == 6
} else := [0]

_differences(value, own) := ["that is not the ARN of a trail"] if {
	count(split(value, ":")) != 6
} else := [sprintf("its %v is %v, the trail's %v", [_parts[position], theirs, ours]) |
	fields := split(value, ":")
	some position in _differing(fields, own)
	theirs := trim_prefix(fields[position], "trail/")
	ours := trim_prefix(own[position], "trail/")
]

_parts := {1: "partition", 2: "service", 3: "home Region", 4: "account", 5: "name"}
