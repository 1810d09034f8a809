# METADATA
# title: Trails and event data stores by name
# description: |
#   A trail or event data store (a subject) is called by its ARN where that is known, else by the name that its document
#   gives it (aws_cloudtrail.main). Its entry then has a member arn: {"ctkms:unknown": why}, beside which "ctkms:like"
#   may hold what is known of the ARN, with * for what is not.
# custom:
#   library: true
package ctkms.subject

# METADATA
# description: "The ARN of a subject; the sentinel where it is not known."
arn(subject, entry) := given if {
	given := _given(entry)
	given != null
} else := subject if {
	count(split(subject, ":")) > 5
} else := {"ctkms:unknown": sprintf("the ARN of %v is not known yet", [subject])}

# METADATA
# description: "The partition of a subject; empty where it is not known."
partition(subject, entry) := _field(subject, entry, 1)

# METADATA
# description: "The Region of a subject; empty where it is not known."
region(subject, entry) := _field(subject, entry, 3)

# METADATA
# description: "The account of a subject; empty where it is not known."
account(subject, entry) := _field(subject, entry, 4)

_field(subject, entry, position) := field if {
	fields := split(_known(arn(subject, entry)), ":")
	count(fields) > 5
	field := fields[position]
	not contains(field, "*")
} else := ""

_known(name) := name if {
	is_string(name)
} else := name["ctkms:like"] if {
	is_object(name)
	is_string(object.get(name, "ctkms:like", null))
} else := ""

_given(entry) := object.get(entry, "arn", null) if {
	is_object(entry)
} else := null
