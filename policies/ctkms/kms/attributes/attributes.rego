# METADATA
# title: Condition keys that tell of the key
# description: |
#   What every request on a KMS key carries about the key itself: its account and whether it is a multi-Region key
#   follow from its ARN, its spec, usage and origin from its metadata. What neither tells is left out, for the request
#   to list as unknown.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/mrk-how-it-works.html
#   description: "Key ids that start with mrk- are those of multi-Region keys"
# custom:
#   library: true
package ctkms.kms.attributes

import data.ctkms.expectations

# METADATA
# description: |
#   The context of an action on the key `arn` (or the sentinel of an unknown one), as far as the key decides it.
context(arn, action) := object.union_n([_by_arn(arn), _by_metadata, _algorithm(lower(action), _metadata)])

# METADATA
# description: "Condition keys about the key that requests for an action do not carry."
absent(action) := [] if {
	lower(action) in _cryptographic
} else := ["kms:EncryptionAlgorithm"]

_by_arn(arn) := {
	"aws:ResourceAccount": expectations.account(arn),
	"kms:MultiRegion": _text(contains(arn, ":key/mrk-")),
} if {
	expectations.account(arn) != ""
} else := {"kms:MultiRegion": _text(_metadata.multi_region)} if {
	is_boolean(object.get(_metadata, "multi_region", null))
} else := {}

_by_metadata[name] := value if {
	some name, member in {"kms:KeySpec": "spec", "kms:KeyUsage": "usage", "kms:KeyOrigin": "origin"}
	value := object.get(_metadata, member, null)
	value != null
}

# A symmetric encryption key has one algorithm, named like its spec.
_algorithm(action, metadata) := {"kms:EncryptionAlgorithm": metadata.spec} if {
	action in _cryptographic
	metadata.spec == "SYMMETRIC_DEFAULT"
} else := {}

_cryptographic := {
	"kms:decrypt",
	"kms:encrypt",
	"kms:generatedatakey",
	"kms:generatedatakeypair",
	"kms:generatedatakeypairwithoutplaintext",
	"kms:generatedatakeywithoutplaintext",
	"kms:reencryptfrom",
	"kms:reencryptto",
}

default _metadata := {}

_metadata := data.ctkms.evaluation.metadata if {
	is_object(data.ctkms.evaluation.metadata)
}

_text(flag) := "true" if {
	flag
} else := "false"
