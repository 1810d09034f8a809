# METADATA
# title: Trails and event data stores name their key in a form that CloudTrail accepts
# description: |
#   CloudTrail takes a key as alias name, alias ARN, key ARN or key id (else InvalidKmsKeyIdException). A key id or
#   an alias name means a key of the trail's own account: a key of another account has to be named by an ARN.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
# custom:
#   id: CT-KEY-ID-FORMAT
#   level: error
#   provenance: documented
package ctkms.rules.cloudtrail.key_id_format

import data.ctkms.expectations
import data.ctkms.result

# METADATA
# description: "Each key reference in no form that CloudTrail accepts."
findings contains finding if {
	some one in data.ctkms.expectations.misnamed
	finding := result.finding("CT-KEY-ID-FORMAT", {
		"msg": sprintf(
			"%v names its key %v, which is neither alias name, alias ARN, key ARN nor key id",
			[one.subject, one.reference],
		),
		"subject": one.subject,
		"remediation": "Write the key's ARN: arn:aws:kms:<Region>:<account>:key/<key id>.",
	})
}

# METADATA
# description: "Each key of another account that is not named by an ARN."
findings contains finding if {
	key := data.ctkms.evaluation.key.arn
	some section in ["trails", "event_data_stores"]
	some subject, entry in expectations.using(section, key)
	reference := expectations.member(entry, "key")
	is_string(reference)
	not startswith(reference, "arn:")
	not {"subject": subject, "reference": reference} in data.ctkms.expectations.misnamed
	expectations.account(key) != expectations.account(subject)
	finding := result.finding("CT-KEY-ID-FORMAT", {
		"msg": sprintf("%v, of account %v, names its key %v without the account %v that the key is in", [
			subject, expectations.account(subject), reference, expectations.account(key),
		]),
		"subject": subject,
		"remediation": sprintf("Write the key's ARN: %v.", [key]),
	})
}
