# METADATA
# title: CloudTrail can encrypt the trail's files
# description: |
#   CloudTrail asks for a data key when a trail is created or changed, and for every log and digest file it
#   delivers. Refused, the trail cannot be saved (InsufficientEncryptionPolicyException), or its files are no longer
#   delivered. The same goes for any trail of an account that the expectations list under encrypting_accounts. Files
#   that some trails deliver (of other Regions, of an organization's members, of Insights) are tried as well, where a
#   condition on aws:s3:arn could tell them apart: refused, they are a warning.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-encrypt
# custom:
#   id: CT-TRAIL-ENCRYPT
#   level: error
#   provenance: documented
package ctkms.rules.trail.encrypt

import data.ctkms.evaluation
import data.ctkms.verdict

# METADATA
# description: "Each trail for which CloudTrail may not encrypt."
findings contains verdict.finding("CT-TRAIL-ENCRYPT", telling, {}) if {
	some subject, _ in data.ctkms.evaluation.trails
	refused := _refused(subject)
	count(refused) > 0
	telling := array.concat([one | some one in refused; endswith(one.probe.id, " log file")], refused)[0]
}

# METADATA
# description: "Each kind of files that a trail may deliver and that CloudTrail may not encrypt for it."
findings contains finding if {
	some one in evaluation.tried("encrypt_further")
	verdict.refused(one.decision)
	not "open" in object.keys(one.probe)
	count(_refused(one.probe.subject)) == 0
	finding := verdict.finding("CT-TRAIL-ENCRYPT", one, {"level": "warning", "provenance": one.probe.provenance})
}

# METADATA
# description: "Each account for whose trails CloudTrail may not encrypt, although any of them may use the key."
findings contains verdict.finding("CT-TRAIL-ENCRYPT", one, {}) if {
	some one in evaluation.tried("encrypt_account")
	verdict.refused(one.decision)
}

# METADATA
# description: "A key that the document shows to be none of CloudTrail's."
not_evaluated contains {"rule": "CT-TRAIL-ENCRYPT", "why": why} if {
	data.ctkms.evaluation.judged
	data.ctkms.evaluation.key.unused == true
	count(data.ctkms.evaluation.trails) == 0
	why := "none of the document's trails and event data stores uses the key, so nothing of CloudTrail's was tried"
}

_refused(subject) := [one |
	some capability in ["encrypt", "bucket_level"]
	some one in evaluation.tried_for(capability, subject)
	verdict.refused(one.decision)
]
