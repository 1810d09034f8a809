# METADATA
# title: What is demanded of a key
# description: |
#   The level at which a request that the key refuses counts, where AWS documents that it is needed, recommends it, or
#   does without it itself. Requests that must be refused are no capabilities.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html
#   description: "AWS's default policies let CloudTrail neither decrypt for trails nor describe for event data stores"
# custom:
#   library: true
package ctkms.demand

import data.ctkms.cloudtrail.trail

# METADATA
# description: "The capabilities that a report shows."
capabilities := [
	"encrypt", "encrypt_account", "describe", "decrypt_service", "read", "use", "copy", "notify", "administer",
]

# METADATA
# description: "A capability in words, after who may."
words(capability) := object.get(
	{
		"encrypt_account": "encrypt for trails of the account",
		"describe": "read the key's properties",
		"decrypt_service": "decrypt for it",
		"read": "read log files",
		"use": "query events",
		"copy": "copy trail events",
		"notify": "publish to the encrypted topic",
		"administer": "change the key policy",
	},
	capability,
	capability,
)

# METADATA
# description: |
#   What failing a capability means for a subject: error, warning or note. `uses` has trails and stores, those that use
#   the key.
level(capability, subject, uses) := "note" if {
	capability == "administer"
} else := "warning" if {
	capability == "decrypt_service"
	subject in object.keys(uses.trails)
	not trail.bucket_key(object.get(uses.trails, subject, {})) in {"yes", "unknown"}
} else := "warning" if {
	capability == "decrypt_service"
	is_string(subject)
	endswith(subject, ":trail/*")
} else := "warning" if {
	capability == "describe"
	subject in object.keys(uses.stores)
} else := "error"
