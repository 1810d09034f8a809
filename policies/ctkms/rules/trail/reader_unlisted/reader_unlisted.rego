# METADATA
# title: Nobody but the listed readers can decrypt the log files
# description: |
#   Tries to read the trail's log files as everyone whom the key policy names, and reports who succeeds without
#   being a listed reader, administrator or user of an event data store. Left out are the key's own account, and
#   accounts that have listed readers or that are to assume a role which reads. A statement for everyone that lets in
#   the whole organization, an account or whom aws:PrincipalArn names is tried likewise; that everyone of the key's own
#   account reads log files, as AWS's console has it, is a note.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
# custom:
#   id: CT-TRAIL-READER-UNLISTED
#   level: warning
#   provenance: inferred
package ctkms.rules.trail.reader_unlisted

import data.ctkms.expectations
import data.ctkms.people.unlisted
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each statement that lets someone read who is not listed."
findings contains finding if {
	some found in unlisted.found("unlisted")
	finding := result.finding("CT-TRAIL-READER-UNLISTED", {
		"level": found.level,
		"msg": sprintf("%v %v %v decrypt the log files of trail %v, and the expectations do not list them as a reader", [
			policy.label(found.entry), found.says, found.principal, found.subject,
		]),
		"subject": found.subject,
		"statement": found.entry,
		"path": found.path,
		"remediation": sprintf("%v, or list them under readers of the trail in the expectations.", [found.advice]),
	})
}

# METADATA
# description: "Each trail whose readers nobody lists."
not_evaluated contains {"rule": "CT-TRAIL-READER-UNLISTED", "why": why} if {
	some subject, entry in data.ctkms.evaluation.trails
	count(expectations.map(entry, "readers")) == 0
	why := sprintf("the expectations list no readers of trail %v", [subject])
}
