# METADATA
# title: Callers whom nobody expects
# description: |
#   For each statement that is for everyone, requests of callers who must be refused: of an account that nobody
#   mentions, of accounts and organizations that the conditions name and nobody expects, and, for what only the key's
#   own account can do, of a user whom nobody names. Of their context they bring whatever the conditions of the policy
#   ask for and a caller can choose; of the rest nobody knows anything.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   library: true
package ctkms.cloudtrail.anyone

import data.ctkms.cloudtrail.filling
import data.ctkms.cloudtrail.request
import data.ctkms.expectations
import data.ctkms.iam.action
import data.ctkms.iam.operator
import data.ctkms.policy

# METADATA
# description: "What lets a caller use the key, or hand its use on."
uses := [
	"kms:Decrypt",
	"kms:ReEncryptFrom",
	"kms:GenerateDataKey",
	"kms:GenerateDataKeyWithoutPlaintext",
	"kms:Encrypt",
	"kms:ReEncryptTo",
	"kms:CreateGrant",
	"kms:RevokeGrant",
	"kms:RetireGrant",
]

# METADATA
# description: "What shows a caller the properties of the key."
reads := ["kms:DescribeKey", "kms:GetKeyRotationStatus", "kms:GetPublicKey", "kms:ListGrants"]

# METADATA
# description: "What changes or destroys the key: callers of other accounts cannot, whatever the key policy says."
administration := ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey"]

# METADATA
# description: "True for a statement that is for everyone, be it but for some."
for_everyone(entry) if {
	entry.statement.Effect == "Allow"
	some principal in policy.principals(entry.statement)
	_open(principal)
}

# METADATA
# description: |
#   The probes for the key `arn` (null: not known; then `key` is the sentinel). `world` has the raw statements of the
#   policy, the foreign account, the accounts that are expected, and those that are expected or mentioned (taken).
probes(arn, key, world) := [probe |
	some entry in world.statements
	for_everyone(entry)
	actions := action.prepare(entry.statement)
	demands := array.concat(_demands(entry), _escapes(world.statements))
	some caller in array.concat(_callers(arn, demands, world), _insiders(arn, world))
	some name in caller.actions
	action.match(actions, {"action": lower(name), "action_kind": "ok"}, 0) > 0
	probe := {
		"id": sprintf("%v %v %v %v %v", [
			caller.capability, entry.index, name, caller.principal, concat("", caller.paths),
		]),
		"capability": caller.capability,
		"subject": null,
		"principal": caller.principal,
		"expect": "refuse",
		"what": sprintf("a caller of %v asks %v", [caller.whom, name]),
		"statement": entry.index,
		"from": caller.from,
		"request": _request(caller, name, key, demands),
	}
]

_open(principal) if principal.element == "NotPrincipal"

_open(principal) if {
	principal.kind == "AWS"
	principal.value == "*"
}

# What the conditions of an Allow ask a caller to bring: {key, name, values, like: are wildcards heeded}; without
# values, anything will do.
_demands(entry) := [demand |
	some condition in policy.conditions(entry.statement)
	parsed := operator.parse(condition.operator)
	some demand in array.concat(_asked(condition, parsed), _anything(condition, parsed, "false"))
]

# What a caller brings to escape the Denies.
_escapes(statements) := [demand |
	some entry in statements
	entry.statement.Effect == "Deny"
	some condition in policy.conditions(entry.statement)
	parsed := operator.parse(condition.operator)
	some demand in array.concat(_escape(condition, parsed), _anything(condition, parsed, "true"))
]

_asked(condition, parsed) := [_demand(condition, _texts(condition), parsed.comparison == "like")] if {
	parsed.type in {"string", "arn", "boolean", "binary"}
	not parsed.negated
} else := [_demand(condition, [_number[parsed.comparison]], false)] if {
	parsed.comparison in object.keys(_number)
} else := [_demand(condition, [_address], false)] if {
	parsed.type == "network"
	_from_anywhere(condition, parsed)
} else := []

_address := "198.51.100.77"

_from_anywhere(_, parsed) if parsed.negated

_from_anywhere(condition, _) if "0.0.0.0/0" in condition.values

_escape(condition, parsed) := [_demand(condition, [_opposite(text) | some text in _texts(condition)], false)] if {
	parsed.type == "boolean"
} else := [_demand(condition, _texts(condition), parsed.comparison == "like")] if {
	parsed.negated
	parsed.type in {"string", "arn"}
} else := [_demand(condition, [], false)] if {
	parsed.if_exists
} else := []

# Null: a key that has to be there.
_anything(condition, parsed, present) := [_demand(condition, [], false)] if {
	parsed.type == "null"
	present in _texts(condition)
} else := []

_demand(condition, values, like) := {"key": condition.key, "name": condition.name, "values": values, "like": like}

_texts(condition) := [text |
	some value in condition.values
	not is_object(value)
	text := sprintf("%v", [value])
]

_opposite(text) := "false" if {
	lower(text) == "true"
} else := "true"

_number := {"less": "0", "less or equal": "0", "greater": "999999999", "greater or equal": "999999999"}

# Who may come: {from: world, account or organization, whom: in words, principal, account, organization, paths}.
_callers(arn, demands, world) := [caller |
	some principal in _principals(arn, demands, world)
	account := expectations.account(principal)
	not account in world.expected
	some [organization, paths] in _organizations(demands)
	from := _from(account, organization, world)
	from != ""
	caller := {
		"capability": "anyone",
		"actions": _for_outsiders[from],
		"from": from,
		"whom": {
			"world": "any other account",
			"account": sprintf("account %v", [account]),
			"organization": sprintf("organization %v", [organization]),
		}[from],
		"principal": principal,
		"account": account,
		"organization": organization,
		"paths": paths,
	}
]

_for_outsiders := {
	"world": array.concat(uses, array.concat(reads, administration)),
	"account": array.concat(uses, reads),
	"organization": array.concat(uses, reads),
}

# Whether the policy names the account or the organization; "" for one that is expected.
_from(account, organization, world) := "account" if {
	account in world.taken
} else := "" if {
	organization == object.get(data.ctkms.expectations.organization, "id", null)
} else := "organization" if {
	organization != _no_organization
	organization != _organization
} else := "world"

_no_organization := ""

_organization := "o-ctkmsstranger"

_principals(arn, demands, world) := {principal |
	some account in _accounts(demands, world)
	own := [[sprintf("arn:%v:iam::%v:user/ctkms-stranger", [_partition(arn), account])]]
	patterns := [filled |
		some demand in demands
		demand.key == "aws:principalarn"
		some value in demand.values
		filled := _principal(value, demand.like, _partition(arn), account, world.taken)
	]
	some principals in array.concat(own, patterns)
	some principal in principals
}

_accounts(demands, world) := {world.foreign} | {account |
	some demand in demands
	demand.key in {"kms:calleraccount", "aws:principalaccount"}
	some value in demand.values
	some account in _matching(value, demand.like, world)
}

_matching(value, like, world) := filling.accounts(value, world.foreign, world.taken) if {
	like
} else := [value | regex.match(`^[0-9]{12}$`, value)]

# The ARN of a user or role that should match a pattern, as a list: one of the account where the pattern leaves it open.
_principal(value, like, partition, account, taken) := [value | _is_principal(value)] if {
	not like
} else := [arn |
	[_, _, _, _, field, resource] := split(value, ":")
	some id in filling.accounts(field, account, taken)
	arn := sprintf("arn:%v:iam::%v:%v", [partition, id, _resource(resource)])
] if {
	count(split(value, ":")) == 6
} else := array.slice(valid, 0, 1) if {
	parts := split(value, "*")
	start := sprintf("arn:%v:iam::%v:", [partition, account])
	tries := [concat("", [parts[0], run, concat("*", array.slice(parts, 1, count(parts)))]) |
		some run in [start, concat("", [start, "role"]), concat("", [start, "role/"]), concat("", [account, ":role/"])]
	]
	valid := [filling.text(one) | some one in tries; _is_principal(filling.text(one))]
}

_resource("*") := "user/ctkms-stranger"

_resource(resource) := filling.text(resource) if resource != "*"

_is_principal(text) if regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:((user|role)/[^*]+|root)$`, text)

# Organizations to come from, as [id, paths]: none, any, and those that conditions name.
_organizations(demands) := ({[_no_organization, []]} | {found |
	some demand in demands
	demand.key == "aws:principalorgid"
	some id in _ids(demand)
	found := [id, [sprintf("%v/r-strg/ou-strg-stranger/", [id])]]
}) | {[split(path, "/")[0], [path]] |
	some demand in demands
	demand.key == "aws:principalorgpaths"
	some path in _paths(demand)
}

_ids(demand) := [_organization] if {
	demand.values == []
} else := [id |
	some value in demand.values
	not contains(value, "${")
	id := _id(value, demand.like)
]

_id(value, like) := _organization if {
	like
	filling.wild(value)
} else := value

_paths(demand) := [sprintf("%v/r-strg/ou-strg-stranger/", [_organization])] if {
	demand.values == []
} else := [path |
	some value in demand.values
	not contains(value, "${")
	[id, rest] := [split(value, "/")[0], array.slice(split(value, "/"), 1, count(split(value, "/")))]
	path := concat("/", array.concat([_id(id, demand.like)], [filling.text(one) | some one in rest]))
]

# A user of the key's own account whom no statement names.
_insiders(arn, world) := [{
	"capability": "insider",
	"actions": administration,
	"from": "insider",
	"whom": "the key's own account",
	"principal": sprintf("arn:%v:iam::%v:user/ctkms-stranger", [_partition(arn), account]),
	"account": account,
	"organization": _no_organization,
	"paths": [],
}] if {
	account := _own_account(arn, world)
}

_own_account(arn, world) := expectations.account(arn) if {
	is_string(arn)
} else := world.foreign

_request(caller, name, key, demands) := object.union(person, {
	"context": object.union_n([person.context, _member(caller), _region(key)]),
	"absent": array.concat(array.concat(person.absent, _chosen_keys), _no_member(caller)),
}) if {
	person := request.by_person(caller.principal, name, key, _encryption(name, demands), _chosen(name, demands))
}

_member(caller) := {
	"aws:PrincipalOrgID": caller.organization,
	"aws:PrincipalOrgPaths": caller.paths,
} if {
	caller.paths != []
} else := {}

_no_member(caller) := ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"] if {
	caller.capability == "anyone"
	caller.paths == []
} else := []

_region(key) := {"aws:RequestedRegion": split(key, ":")[3]} if {
	expectations.account(key) != ""
} else := {}

# Condition keys, beside the encryption context, whose value a caller chooses: it need not send them, either.
_chosen_keys := [
	"aws:CalledVia*",
	"aws:MultiFactorAuth*",
	"aws:PrincipalTag/*",
	"aws:PrincipalType",
	"aws:Referer",
	"aws:SourceIdentity",
	"aws:UserAgent",
	"aws:ViaAWSService",
	"aws:username",
	"kms:GrantConstraintType",
	"kms:GranteePrincipal",
	"kms:GrantIsForAWSResource",
	"kms:GrantOperations",
	"kms:RetiringPrincipal",
	"kms:ViaService",
]

_chosen(action_name, demands) := {name: value |
	some key in {demand.key | some demand in demands; _is_chosen(demand, action_name)}
	name := [demand.name | some demand in demands; demand.key == key][0]
	value := _value([demand | some demand in demands; demand.key == key])
}

_is_chosen(demand, name) if {
	some prefix in _chosen_prefixes
	startswith(demand.key, prefix)
	not _of_grants(demand.key, name)
}

_is_chosen(demand, _) if {
	demand.key == "aws:sourceip"
	demand.values != []
}

_chosen_prefixes := [lower(trim_suffix(name, "*")) | some name in _chosen_keys]

# Only requests about grants tell of a grant.
_of_grants(key, name) if {
	regex.match(`^kms:(grant|retiring)`, key)
	not name in {"kms:CreateGrant", "kms:RevokeGrant"}
}

# A value that should meet all demands on a key: one to the letter before a filled pattern before anything.
_value(demands) := array.concat(array.concat(literal, filled), array.concat(open, ["ctkms-stranger"]))[0] if {
	values := [[value, _kind(demand, value)] | some demand in demands; some value in demand.values]
	literal := [value | some [value, kind] in values; kind == "literal"]
	filled := [filling.text(value) | some [value, kind] in values; kind == "pattern"]
	open := [{"ctkms:unknown": "a value with a variable"} | some [_, kind] in values; kind == "variable"]
}

_kind(demand, value) := "pattern" if {
	demand.like
	filling.wild(value)
	not contains(value, "${")
} else := "variable" if {
	contains(value, "${")
} else := "literal"

# The encryption context that the conditions ask for.
_encryption(name, demands) := {} if {
	name in array.concat(reads, administration)
} else := {} if {
	name in {"kms:RevokeGrant", "kms:RetireGrant"}
} else := object.union(
	{pair: "ctkms-stranger" |
		some demand in demands
		demand.key == "kms:encryptioncontextkeys"
		some pair in array.concat(demand.values, ["ctkms-stranger" | demand.values == []])
	},
	{pair: value |
		some key in {demand.key | some demand in demands; startswith(demand.key, _pair)}
		of_key := [demand | some demand in demands; demand.key == key]
		pair := substring(of_key[0].name, count(_pair), -1)
		value := _value(of_key)
	},
)

_pair := "kms:encryptioncontext:"

_partition(arn) := split(arn, ":")[1] if {
	is_string(arn)
} else := "aws"
