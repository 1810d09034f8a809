# METADATA
# title: Any caller of the key's account
# description: |
#   The request of a caller whom the policy does not name, of whose context hardly anything is known: what no such
#   caller may do, nobody may do whom the policy does not name.
# custom:
#   library: true
package ctkms.kms.caller

import data.ctkms.cloudtrail.request as requests
import data.ctkms.expectations

# METADATA
# description: "The request of any user of `account` for `action` on the key `arn` (null: not known)."
request(action, arn, account) := {
	"principal": sprintf("arn:%v:iam::%v:user/ctkms-somebody", [expectations.partition(arn), account]),
	"action": action,
	"resource": requests.resource(arn),
	"context": {
		"kms:CallerAccount": account,
		"aws:PrincipalAccount": account,
		"aws:PrincipalIsAWSService": "false",
	},
	"absent": ["kms:EncryptionContext*", "aws:SourceArn", "aws:SourceAccount", "aws:PrincipalServiceName*"],
	"unknown": ["*"],
}

# METADATA
# description: |
#   The accounts that the key may be in: that of its ARN, or, where nobody says which key it is, those of the users,
#   roles and accounts that the policy's statements name.
accounts(arn, principals) := {split(arn, ":")[4]} if {
	is_string(arn)
	count(split(arn, ":")) > 5
} else := {account |
	some principal in principals
	principal.kind == "AWS"
	some account in _ids(principal.value)
	regex.match(`^[0-9]{12}$`, account)
}

_ids(value) := [split(value, ":")[4]] if {
	startswith(value, "arn:")
	count(split(value, ":")) > 5
} else := [value]
