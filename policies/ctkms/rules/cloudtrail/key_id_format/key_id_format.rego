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
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each key reference in no form that CloudTrail accepts."
findings contains finding if {
	some subject, reference in _references
	not _accepted(reference)
	finding := result.finding("CT-KEY-ID-FORMAT", {
		"msg": sprintf(
			"%v names its key %v, which is neither alias name, alias ARN, key ARN nor key id",
			[subject, reference],
		),
		"subject": subject,
		"remediation": "Write the key's ARN: arn:aws:kms:<Region>:<account>:key/<key id>.",
	})
}

# METADATA
# description: "Each key of another account that is not named by an ARN."
findings contains finding if {
	some subject, reference in _references
	_accepted(reference)
	not startswith(reference, "arn:")
	key := expectations.resolve(reference)
	key == data.ctkms.evaluation.key.arn
	expectations.account(key) != expectations.account(subject)
	finding := result.finding("CT-KEY-ID-FORMAT", {
		"msg": sprintf("%v, of account %v, names its key %v without the account %v that the key is in", [
			subject, expectations.account(subject), reference, expectations.account(key),
		]),
		"subject": subject,
		"remediation": sprintf("Write the key's ARN: %v.", [key]),
	})
}

_references[subject] := reference if {
	some subjects in [data.ctkms.expectations.trails, data.ctkms.expectations.stores]
	some subject, entry in subjects
	is_object(entry)
	reference := object.get(entry, "key", null)
	reference != null
	not policy.is_unknown(reference)
}

_accepted(reference) if {
	is_string(reference)
	some form in [
		`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:)?alias/[a-zA-Z0-9:/_-]+$`,
		`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`,
		`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/)?mrk-[0-9a-f]{32}$`,
	]
	regex.match(form, reference)
}
