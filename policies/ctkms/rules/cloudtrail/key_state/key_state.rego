# METADATA
# title: The key can be used
# description: |
#   With a key that is disabled or waiting for its deletion no trail or event data store can be saved, trails
#   deliver no files, and stores take no events in and answer no queries. The metadata of the key in the
#   expectations show its state; they have to be this key's.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html
# custom:
#   id: CT-KEY-STATE
#   level: error
#   provenance: documented
package ctkms.rules.cloudtrail.key_state

import data.ctkms.expectations
import data.ctkms.result

# METADATA
# description: "A state in which the key cannot be used."
findings contains finding if {
	is_string(_state)
	not _state in _usable
	finding := result.finding("CT-KEY-STATE", {
		"msg": sprintf("the key's state is %v: CloudTrail can neither encrypt nor decrypt with it", [_state]),
		"remediation": object.get(_remedies, _state, "Bring the key into the state Enabled, or use another key."),
	})
}

# METADATA
# description: "Metadata that are not this key's."
findings contains finding if {
	some [member, told] in [
		["account", expectations.account(data.ctkms.evaluation.key.arn)],
		["region", expectations.region(data.ctkms.evaluation.key.arn)],
		["arn", data.ctkms.evaluation.key.arn],
	]
	value := object.get(_metadata, member, null)
	is_string(value)
	value != told
	finding := result.finding("CT-KEY-STATE", {
		"msg": sprintf(
			"the metadata in the expectations are of another key: their %v is %v, that of this key %v",
			[member, value, told],
		),
		"remediation": "Give the metadata that aws kms describe-key prints for this key.",
	})
}

# METADATA
# description: "Metadata without a state."
not_evaluated contains {"rule": "CT-KEY-STATE", "why": "the expectations do not give the key's state (metadata)"} if {
	not is_string(_state)
}

# A key that is Updating (its primary Region) works all the while.
_usable := {"Enabled", "Updating"}

_remedies := {
	"Disabled": "Enable the key (aws kms enable-key).",
	"PendingDeletion": "Cancel the deletion (aws kms cancel-key-deletion) and enable the key; its data is lost with it.",
	"PendingImport": "Import the key material.",
}

_state := object.get(_metadata, "state", null)

_metadata := data.ctkms.evaluation.metadata
