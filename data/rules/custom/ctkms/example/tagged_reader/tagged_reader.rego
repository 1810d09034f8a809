# METADATA
# title: Readers decrypt only with the tag of their team
# description: |
#   Repeats the requests of the expected readers as a caller of another team: a key policy that is as tight as we want
#   it refuses them. The data file beside these rules names the tag.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
# custom:
#   id: EXAMPLE-TAGGED-READER
#   level: warning
package custom.ctkms.example.tagged_reader

import data.ctkms.api

# METADATA
# description: "Each statement that lets an expected reader decrypt without the tag."
findings contains api.finding("EXAMPLE-TAGGED-READER", fields) if {
	some one in api.tried("read")
	tag := data.custom.example.reader_tag
	untagged := {sprintf("aws:PrincipalTag/%v", [tag.name]): "another team"}
	asked := object.union(one.probe.request, {"context": object.union(one.probe.request.context, untagged)})
	decided := api.decide(asked)
	some index in array.concat(decided.allowed_by, decided.maybe_allowed_by)
	entry := api.statement(index)
	not _is_for_accounts(entry)
	fields := {
		"msg": sprintf("%v lets %v read without the tag %v=%v", [
			api.label(entry),
			one.probe.principal,
			tag.name,
			tag.value,
		]),
		"subject": one.probe.subject,
		"statement": entry,
		"path": ["Condition"],
		"remediation": sprintf(`Add "StringEquals": {"aws:PrincipalTag/%v": "%v"} to the Condition of the statement`, [
			tag.name,
			tag.value,
		]),
	}
}

# METADATA
# description: "Without readers there is nobody to try."
not_evaluated contains {"rule": "EXAMPLE-TAGGED-READER", "why": "the expectations name no reader of this key"} if {
	count(api.tried("read")) == 0
}

# What the key policy leaves to accounts, their IAM policies decide.
_is_for_accounts(entry) if {
	every principal in api.principals(entry.statement) {
		endswith(principal.value, ":root")
	}
}
