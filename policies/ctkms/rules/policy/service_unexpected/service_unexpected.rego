# METADATA
# title: No other AWS service uses the key for everybody
# description: |
#   A service other than CloudTrail that a statement names without a condition on whom it works for uses the key for
#   any account that makes it (a confused deputy). Tried are requests of that service for an account that nobody
#   mentions; a condition on aws:SourceAccount or aws:SourceArn keeps them out.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   id: KP-SERVICE-UNEXPECTED
#   level: warning
#   provenance: documented
package ctkms.rules.policy.service_unexpected

import data.ctkms.cloudtrail.anyone
import data.ctkms.cloudtrail.request
import data.ctkms.cloudtrail.stranger
import data.ctkms.iam
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each service other than CloudTrail that a statement lets in for whichever account it works."
findings contains result.finding("KP-SERVICE-UNEXPECTED", {
	"msg": sprintf("%v lets %v use %v, for whichever account it works", [
		policy.label(entry), principal.value, concat(", ", actions),
	]),
	"statement": entry,
	"path": principal.path,
	"remediation": sprintf("Ask for aws:SourceAccount or aws:SourceArn in %v, or take %v out of it.", [
		policy.label(entry), principal.value,
	]),
}) if {
	some entry in data.ctkms.evaluation.statements
	some principal in anyone.other_services(entry)
	actions := _allowed(entry, principal.value)
	count(actions) > 0
}

_allowed(entry, service) := [name |
	some name in array.concat(data.ctkms.cloudtrail.anyone.uses, data.ctkms.cloudtrail.anyone.administration)
	key := request.resource(data.ctkms.evaluation.key.arn)
	asked := anyone.by_service(service, name, key, stranger.foreign_account(data.ctkms.evaluation.statements))
	decided := iam.decide(data.ctkms.evaluation.prepared, asked)
	decided.decision == "allow"
	entry.index in decided.allowed_by
]
