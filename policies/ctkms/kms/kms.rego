# METADATA
# title: The operations of AWS KMS
# description: "Knows the names that may follow kms: in an Action, and finds the one that a mistyped name is meant for."
# related_resources:
# - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   library: true
package ctkms.kms

# METADATA
# scope: document
# description: "True where a KMS permission has this name, compared without case, or a name with wildcards covers one."
is_operation(name) if lower(name) in object.keys(_by_lower)

is_operation(name) if {
	regex.match(`^[a-zA-Z*?]*[*?][a-zA-Z*?]*$`, name)
	count(replace(name, "*", "")) <= _longest
	one_star := regex.replace(lower(name), `\*+`, "*")
	regex.match(sprintf(`(?m)^%v$`, [replace(replace(one_star, "?", "[a-z]"), "*", "[a-z]*")]), _lines)
}

# Longer names cover none, and their regular expression would go beyond what the engines take.
_longest := max([count(name) | some name in operations])

# METADATA
# description: |
#   The operation whose name is one letter, or two letters that change places, away from `name`; an empty string where
#   there is none.
near(name) := _by_lower[min(found)] if {
	regex.match(`^[a-zA-Z]{4,40}$`, name)
	found := _near(_variants(lower(name)))
	count(found) > 0
} else := ""

# In groups: the engines limit the size of one regular expression.
_near(variants) := {name |
	some group in numbers.range(0, 11)
	alternatives := [variant | some i, variant in variants; i % 12 == group]
	some name in regex.find_n(sprintf(`(?m)^(?:%v)$`, [concat("|", alternatives)]), _lines, 1)
}

_variants(name) := array.concat(
	[sprintf("%v[a-z]?%v", [substring(name, 0, i), substring(name, i + 1, -1)]) |
		some i in numbers.range(0, count(name) - 1)
	],
	array.concat(
		[sprintf("%v[a-z]%v", [substring(name, 0, i), substring(name, i, -1)]) |
			some i in numbers.range(0, count(name))
		],
		[_swapped(name, i) | some i in numbers.range(0, count(name) - 2)],
	),
)

_swapped(name, i) := concat("", [
	substring(name, 0, i),
	substring(name, i + 1, 1),
	substring(name, i, 1),
	substring(name, i + 2, -1),
])

_lines := lower(concat("\n", operations))

_by_lower[lower(name)] := name if some name in operations

# METADATA
# description: "The KMS permissions. There is none named ReEncrypt: it takes ReEncryptFrom and ReEncryptTo."
# entrypoint: true
operations := [
	"CancelKeyDeletion",
	"ConnectCustomKeyStore",
	"CreateAlias",
	"CreateCustomKeyStore",
	"CreateGrant",
	"CreateKey",
	"Decrypt",
	"DeleteAlias",
	"DeleteCustomKeyStore",
	"DeleteImportedKeyMaterial",
	"DeriveSharedSecret",
	"DescribeCustomKeyStores",
	"DescribeKey",
	"DisableKey",
	"DisableKeyRotation",
	"DisconnectCustomKeyStore",
	"EnableKey",
	"EnableKeyRotation",
	"Encrypt",
	"GenerateDataKey",
	"GenerateDataKeyPair",
	"GenerateDataKeyPairWithoutPlaintext",
	"GenerateDataKeyWithoutPlaintext",
	"GenerateMac",
	"GenerateRandom",
	"GetKeyLastUsage",
	"GetKeyPolicy",
	"GetKeyRotationStatus",
	"GetParametersForImport",
	"GetPublicKey",
	"ImportKeyMaterial",
	"ListAliases",
	"ListGrants",
	"ListKeyPolicies",
	"ListKeyRotations",
	"ListKeys",
	"ListResourceTags",
	"ListRetirableGrants",
	"PutKeyPolicy",
	"ReEncryptFrom",
	"ReEncryptTo",
	"ReplicateKey",
	"RetireGrant",
	"RevokeGrant",
	"RotateKeyOnDemand",
	"ScheduleKeyDeletion",
	"Sign",
	"SynchronizeMultiRegionKey",
	"TagResource",
	"UntagResource",
	"UpdateAlias",
	"UpdateCustomKeyStore",
	"UpdateKeyDescription",
	"UpdatePrimaryRegion",
	"Verify",
	"VerifyMac",
]
