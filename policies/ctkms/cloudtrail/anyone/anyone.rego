# METADATA
# title: Callers whom nobody expects
# description: |
#   For each statement that is for everyone, requests of callers who must be refused: of an account that nobody
#   mentions, of accounts and organizations that the conditions name and nobody expects, and, for what only the key's
#   own account can do, of a user whom nobody names. For every other statement, requests of those whom it names in
#   accounts that nobody expects. Of their context they bring whatever the conditions of the policy ask for and a caller
#   can choose; of the rest nobody knows anything.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   library: true
package ctkms.cloudtrail.anyone

import data.ctkms.cloudtrail.claim
import data.ctkms.cloudtrail.filling
import data.ctkms.cloudtrail.request
import data.ctkms.cloudtrail.sample
import data.ctkms.expectations
import data.ctkms.iam.action
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
#   policy, those of them that are open (see open_statements), the foreign account, the accounts that are expected,
#   those that are expected or mentioned (taken), and how many strangers are tried (most): so many requests of callers
#   for all statements that are for everyone.
probes(arn, key, world) := array.concat(_of_services(key, world), _of_people(arn, key, world))

_of_people(arn, key, world) := array.concat(made, sample.rest(cuts, _untried, key)) if {
	escapes := claim.of_denies(world.statements)
	tried := [[entry, array.concat(claim.of_allow(entry), escapes)] |
		some entry in array.concat(_tried_statements(world), _for_foreigners(world))
	]
	made := [probe |
		some [entry, demands] in tried
		some probe in _of_statement(entry, arn, key, demands, world)
	]
	cuts := array.concat([count(world.open) > count(_tried_statements(world))], [cut |
		some [entry, demands] in tried
		some cut in _cuts(entry, arn, demands, world)
	])
}

_untried := "whether callers whom nobody expects get in: the policy names more than are tried"

_of_statement(entry, arn, key, demands, world) := [probe |
	callers_of_entry := _callers_of(entry, arn, demands, world)
	actions := action.prepare(entry.statement)
	some name in {one | some caller_of_entry in callers_of_entry; some one in caller_of_entry.actions}
	action.match(actions, {"action": lower(name), "action_kind": "ok"}, 0) > 0
	chosen := _chosen(name, demands)
	some caller in callers_of_entry
	name in caller.actions
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
		"request": _asks(caller, name, key, chosen),
	}
]

# METADATA
# description: "Of raw statements those that are for everyone and allow anything of what is tried."
open_statements(statements) := [entry |
	some entry in statements
	for_everyone(entry)
	_allows_any(entry)
]

_allows_any(entry) if {
	actions := action.prepare(entry.statement)
	some name in _for_outsiders.world
	action.match(actions, {"action": lower(name), "action_kind": "ok"}, 0) > 0
}

# No more of them than there may be strangers; each has its share of them.
_tried_statements(world) := array.slice(world.open, 0, floor(world.most / 4))

# METADATA
# description: "How many strangers are tried on each statement that is for everyone."
share(world) := max([1, floor(world.most / (4 * max([1, count(world.open)])))])

# Statements for someone of an account that is not among the expected ones.
_for_foreigners(world) := [entry |
	some entry in world.statements
	not for_everyone(entry)
	count(_foreigners(entry, "aws", world.expected)) > 0
]

# What of the callers is cut, each true or false; nothing of those whom a statement names.
_cuts(entry, arn, demands, world) := [
	sample.is_cut(found.principals, found.organizations, share(world)),
	sample.is_cut(sort(caller_accounts(demands, world)), _patterns(demands, world), world.most),
] if {
	for_everyone(entry)
	found := _candidates(arn, demands, world)
} else := []

# A service that nobody expects, working for an account that nobody mentions, where a condition asks for services.
_of_services(key, world) := [{
	"id": sprintf("any_service %v %v", [entry.index, name]),
	"capability": "any_service",
	"subject": null,
	"principal": _service,
	"expect": "refuse",
	"what": sprintf("a service that nobody expects asks %v", [name]),
	"statement": entry.index,
	"from": "service",
	"request": _in_name_of(_service, made),
} |
	escapes := claim.of_denies(world.statements)
	some entry in _tried_statements(world)
	actions := action.prepare(entry.statement)
	demands := array.concat(claim.of_allow(entry), escapes)
	_asks_for_services(demands)
	some name in array.concat(uses, administration)
	action.match(actions, {"action": lower(name), "action_kind": "ok"}, 0) > 0
	made := request.by_service(name, key, _foreign_source(world.foreign), _encryption(name, demands))
]

# METADATA
# description: "The request of a service for the action `name` on `key`, working for the account `foreign`."
by_service(service, name, key, foreign) := _in_name_of(
	service,
	request.by_service(name, key, _foreign_source(foreign), data.ctkms.cloudtrail.request.undocumented),
)

_in_name_of(service, made) := object.union(made, {
	"principal": service,
	"context": object.union(made.context, {
		"aws:PrincipalServiceName": service,
		"aws:PrincipalServiceNamesList": [service],
	}),
	"absent": array.concat(made.absent, ["aws:SourceOrgID", "aws:SourceOrgPaths"]),
})

_foreign_source(foreign) := {
	"aws:SourceArn": sprintf("arn:aws:ctkms-stranger:us-east-1:%v:stranger", [foreign]),
	"aws:SourceAccount": foreign,
}

_service := "ctkms-stranger.amazonaws.com"

_asks_for_services(demands) if {
	some asked in demands
	startswith(asked.key, "aws:principal")
	contains(asked.key, "service")
}

_callers_of(entry, arn, demands, world) := array.concat(anyone, _insiders(arn, world)) if {
	for_everyone(entry)
	anyone := callers(arn, demands, world)
} else := _foreigners(entry, expectations.partition(arn), world.expected)

# Whom a statement names in accounts that nobody expects.
_foreigners(entry, partition, expected) := [foreigner |
	entry.statement.Effect == "Allow"
	some principal in policy.principals(entry.statement)
	principal.element == "Principal"
	principal.kind == "AWS"
	named := policy.account_arn(principal.value, partition)
	account := expectations.account(named)
	account != ""
	not account in expected
	foreigner := {
		"capability": "foreigner",
		"actions": _for_outsiders.account,
		"from": "account",
		"whom": sprintf("account %v", [account]),
		"principal": named,
		"account": account,
		"organization": "",
		"paths": [],
	}
]

# METADATA
# description: "The services other than CloudTrail that an Allow names, as principals (ctkms.policy)."
other_services(entry) := [principal |
	entry.statement.Effect == "Allow"
	some principal in policy.principals(entry.statement)
	principal.element == "Principal"
	principal.kind == "Service"
	not startswith(lower(principal.value), "cloudtrail.")
]

_open(principal) if principal.element == "NotPrincipal"

_open(principal) if {
	principal.kind == "AWS"
	principal.value == "*"
}

# METADATA
# description: |
#   Who may come of those whom nobody expects, to meet the demands of a policy: {capability, actions, from: world,
#   account or organization, whom: in words, principal, account, organization, paths}; no more than `share`.
callers(arn, demands, world) := [caller |
	found := _candidates(arn, demands, world)
	some [principal, [organization, paths]] in sample.pairs(found.principals, found.organizations, share(world))
	account := expectations.account(principal)
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

# Principals of accounts that nobody expects, one of an account that nobody mentions first, and organizations.
_candidates(arn, demands, world) := {
	"principals": array.concat(foreign, others),
	"organizations": sort(organizations),
} if {
	principals := {one | some one in _principals(arn, demands, world); not expectations.account(one) in world.expected}
	foreign := sort({one | some one in principals; expectations.account(one) == world.foreign})
	others := sort({one | some one in principals; expectations.account(one) != world.foreign})
	organizations := claim.organizations(demands, "aws:principalorgid", "aws:principalorgpaths")
}

_for_outsiders := {
	"world": array.concat(uses, array.concat(reads, administration)),
	"account": array.concat(uses, reads),
	"organization": array.concat(uses, reads),
}

# Whether the policy names the account or the organization; "" for one that is expected.
_from(account, organization, world) := "account" if {
	account in world.taken
} else := "" if {
	organization == data.ctkms.expectations.organization.id
} else := "organization" if {
	organization != ""
	organization != data.ctkms.cloudtrail.claim.organization
} else := "world"

_principals(arn, demands, world) := {principal |
	partition := expectations.partition(arn)
	accounts := sort(caller_accounts(demands, world))
	own := [sprintf("arn:%v:iam::%v:user/ctkms-stranger", [partition, account]) | some account in accounts]
	named := [filled |
		some [account, [value, like]] in sample.pairs(accounts, _patterns(demands, world), world.most)
		some filled in matching_principal(value, like, partition, account, world.taken)
	]
	some principal in array.concat(own, named)
}

# Values of aws:PrincipalArn, but for those that name an expected account, which no stranger is of.
_patterns(demands, world) := [[value, like] |
	some [value, like] in claim.callers(demands)
	not expectations.account(value) in world.expected
]

# METADATA
# description: "The foreign account of `world`, and those that demands on the caller's account name or admit."
caller_accounts(demands, world) := {world.foreign} | {account |
	some asked in demands
	asked.key in {"kms:calleraccount", "aws:principalaccount"}
	some value in asked.values
	some account in _matching(value, asked.like, world)
}

_matching(value, like, world) := filling.accounts(value, world.foreign, world.taken) if {
	like
} else := [value | regex.match(`^[0-9]{12}$`, value)]

# METADATA
# description: |
#   The ARN of a user or role that should match a value of aws:PrincipalArn, as a list: one of the account where a
#   pattern (`like`) leaves it open.
matching_principal(value, like, partition, account, taken) := [value | _is_principal(value)] if {
	not like
} else := [arn |
	[_, _, _, _, field, resource] := split(value, ":")
	some id in filling.accounts(field, account, taken)
	arn := sprintf("arn:%v:iam::%v:%v", [partition, id, _resource(resource)])
] if {
	count(split(value, ":")) == 6
} else := filling.whole(
	value,
	[start, concat("", [start, "role"]), concat("", [start, "role/"]), concat("", [account, ":role/"])],
	_principal_arn,
) if {
	start := sprintf("arn:%v:iam::%v:", [partition, account])
}

_resource("*") := "user/ctkms-stranger"

_resource(resource) := filling.text(resource) if resource != "*"

_is_principal(text) if regex.match(_principal_arn, text)

_principal_arn := `^arn:[a-z-]+:iam::[0-9]{12}:((user|role)/[^*]+|root)$`

# A user of the key's own account whom no statement names.
_insiders(arn, world) := [{
	"capability": "insider",
	"actions": administration,
	"from": "insider",
	"whom": "the key's own account",
	"principal": sprintf("arn:%v:iam::%v:user/ctkms-stranger", [expectations.partition(arn), account]),
	"account": account,
	"organization": "",
	"paths": [],
}] if {
	account := _own_account(arn, world)
}

_own_account(arn, world) := expectations.account(arn) if {
	is_string(arn)
} else := world.foreign

# METADATA
# description: |
#   The request of a caller {capability, principal, organization, paths} for the action `name` on `key`, with whatever
#   the `demands` of the policy (ctkms.cloudtrail.claim) ask for and a caller can choose.
asks(caller, name, key, demands) := _asks(caller, name, key, _chosen(name, demands))

_chosen(name, demands) := {"encryption": _encryption(name, demands), "brought": brought(name, demands)}

_asks(caller, name, key, chosen) := object.union(person, {
	"context": object.union_n([person.context, _member(caller), _region(key)]),
	"absent": array.concat(array.concat(person.absent, _chosen_keys), _no_member(caller)),
}) if {
	person := request.by_person(caller.principal, name, key, chosen.encryption, chosen.brought)
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

# METADATA
# description: "What callers bring of condition keys whose value they choose, to meet demands."
brought(action_name, demands) := {asking[0].name: claim.value(asking) |
	some key in {asked.key | some asked in demands; _is_chosen(asked, action_name)}
	asking := [asked | some asked in demands; asked.key == key]
}

_is_chosen(asked, name) if {
	strings.any_prefix_match(asked.key, _chosen_prefixes)
	not _of_grants(asked.key, name)
}

_is_chosen(asked, _) if {
	asked.key == "aws:sourceip"
	asked.values != []
}

_chosen_prefixes := [lower(trim_suffix(name, "*")) | some name in _chosen_keys]

# Only requests about grants tell of a grant.
_of_grants(key, name) if {
	regex.match(`^kms:(grant|retiring)`, key)
	not name in {"kms:CreateGrant", "kms:RevokeGrant"}
}

# The encryption context that the conditions ask for.
_encryption(name, demands) := {} if {
	name in array.concat(reads, administration)
} else := {} if {
	name in {"kms:RevokeGrant", "kms:RetireGrant"}
} else := object.union(
	{pair: "ctkms-stranger" |
		some asked in demands
		asked.key == "kms:encryptioncontextkeys"
		some pair in _pairs(asked)
	},
	{pair: value |
		some key in {asked.key | some asked in demands; startswith(asked.key, _pair)}
		of_key := [asked | some asked in demands; asked.key == key]
		pair := substring(of_key[0].name, count(_pair), -1)
		value := claim.value(of_key)
	},
)

_pairs(asked) := ["ctkms-stranger"] if {
	asked.values == []
} else := asked.values

_pair := "kms:encryptioncontext:"
