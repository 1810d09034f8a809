# METADATA
# title: The console's statement for creating the alias is not needed for good
# description: |
#   The CloudTrail console used to write a statement that lets the account's callers create the key's alias while
#   the trail is set up (kms:CreateAlias, with kms:CallerAccount and kms:ViaService ec2). It does no harm, and
#   nothing needs it afterwards.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html
# custom:
#   id: CT-DEFAULT-ALIAS
#   level: note
#   provenance: documented
package ctkms.rules.trail.default_alias

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each statement of the console for creating the alias."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	entry.statement.Effect == "Allow"
	"kms:createalias" in {lower(action.value) | some action in policy.strings(entry.statement, "Action")}
	some condition in policy.conditions(entry.statement)
	condition.key == "kms:viaservice"
	count([value | some value in condition.values; is_string(value); startswith(value, "ec2.")]) > 0
	finding := result.finding("CT-DEFAULT-ALIAS", {
		"msg": sprintf("%v is the CloudTrail console's: it lets callers create the key's alias while the trail is set up", [
			policy.label(entry),
		]),
		"statement": entry,
		"path": ["Action"],
		"remediation": "Nothing has to be done; once the alias exists the statement can go.",
	})
}
