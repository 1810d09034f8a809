# METADATA
# title: Requests that must be refused
# description: |
#   Probes with expect "refuse": trails that nobody expects (of a foreign account, other trails of the accounts that
#   are expected, and whatever the policy's own patterns admit), and event data stores. And who is expected.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   library: true
package ctkms.cloudtrail.stranger

import data.ctkms.cloudtrail.claim
import data.ctkms.cloudtrail.filling
import data.ctkms.cloudtrail.request
import data.ctkms.cloudtrail.sample
import data.ctkms.cloudtrail.trail
import data.ctkms.expectations
import data.ctkms.kms.caller
import data.ctkms.policy

# METADATA
# description: |
#   An account id that nobody mentions: neither the expectations or the document under evaluation, nor the raw
#   `statements` of the policy. However many do, there is one.
foreign_account(statements) := free[0] if {
	taken := mentioned(statements)
	free := [id |
		some offset in numbers.range(0, count(taken))
		id := format_int(999999999999 - offset, 10)
		not id in taken
	]
}

# METADATA
# description: |
#   The account ids that anybody mentions: the expectations, the document under evaluation, or the raw `statements` of
#   the policy.
mentioned(statements) := data.ctkms.evaluation.accounts | {id |
	some id in regex.find_n(`[0-9]{12}`, json.marshal(statements), -1)
}

# METADATA
# description: |
#   The accounts that may have to do with the key `arn` (null: not known): those that the expectations or the document
#   speak of, those of the people, buckets and accounts listed for a use of the key, and, where nobody says which key it
#   is, those of the principals that the statements name, or all that they mention where they name none.
expected_accounts(arn, statements, uses) := (known | _listed(arn, uses)) | _owners(arn, statements) if {
	known := data.ctkms.evaluation.accounts
}

_listed(arn, uses) := ((({account |
	some part in ["readers", "users"]
	some subjects in [uses.trails, uses.stores]
	some entry in subjects
	some person, _ in expectations.map(entry, part)
	account := expectations.account(person)
} | {account |
	some roles in uses.copies
	some role, _ in roles
	account := expectations.account(role)
}) | {account |
	some part in ["administrators", "encrypting_accounts"]
	is_string(arn)
	some person, _ in expectations.map(object.get(data.ctkms.expectations.declared_keys, arn, {}), part)
	account := _account(person)
}) | {account |
	some entry in uses.trails
	account := object.get(expectations.map(entry, "bucket"), "account", null)
	is_string(account)
}) | {account |
	some person, companion in data.ctkms.expectations.principals
	some one in ({person} | object.keys(expectations.map(companion, "assumed_by")))
	account := _account(one)
}

_account(person) := person if {
	regex.match(`^[0-9]{12}$`, person)
} else := expectations.account(person)

_owners(arn, statements) := set() if {
	is_string(arn)
} else := named if {
	named := caller.accounts(arn, [principal |
		some entry in statements
		some principal in policy.principals(entry.statement)
	])
	count(named) > 0
} else := mentioned(statements)

# METADATA
# description: |
#   Trails that nobody expects and that might be let in: `expected` are the ARNs of the trails that use the key,
#   `world` says who is expected and who is mentioned (ctkms.cloudtrail.anyone). One stands for every foreign trail, one
#   for the other trails of each expected trail's account, and after these comes one for each trail ARN, pattern or
#   source account in the policy's own conditions.
trails(expected, world, partition, region) := array.concat(sort(generic), sort(suggested - generic)) if {
	generic := {arn | some arn in _generic(expected, partition, region, world.foreign); not arn in expected}
	asked := demands(world.statements)
	suggested := {arn |
		some arns in [_of_patterns(asked, world, partition, region), _of_accounts(asked, world, partition, region)]
		some arn in arns
		not arn in expected
	}
}

# METADATA
# description: "What the conditions of the policy ask for: those of the Allows to be met, of the Denies to be escaped."
demands(statements) := array.concat(
	[asked |
		some entry in statements
		entry.statement.Effect == "Allow"
		some asked in claim.of_allow(entry)
	],
	claim.of_denies(statements),
)

# METADATA
# description: |
#   The probes that CloudTrail makes for trails that nobody expects, of which `own` are of accounts that are expected,
#   and so of their organization, and `others` not; `asked` are the policy's demands. A stranger names what bucket it
#   likes. No more than `most` (ctkms.cloudtrail.sample) of each are tried.
trail_probes(own, others, key, asked, most) := array.concat(made, sample.rest(cuts, _untried, key)) if {
	organizations := sort(_organizations(asked))
	path := _path(asked)
	cuts := [sample.is_cut(own, [_none], most), sample.is_cut(others, organizations, most)]
	made := [probe |
		some probes in array.concat(
			[_probes(arn, key, path, _none, []) | some [arn, _] in sample.pairs(own, [_none], most)],
			[_probes(arn, key, path, organization, _no_member(organization[0])) |
				some [arn, organization] in sample.pairs(others, organizations, most)
			],
		)
		some probe in probes
	]
}

_probes(arn, key, path, [organization, paths], absent) := [{
	"id": sprintf("stranger %v %v%v", [arn, made.action, concat("", paths)]),
	"capability": "stranger",
	"subject": arn,
	"principal": data.ctkms.cloudtrail.request.service,
	"expect": "refuse",
	"what": sprintf("CloudTrail asks %v for trail %v, which nobody expects", [made.action, arn]),
	"organization": organization,
	"request": object.union(made, {
		"context": object.union(made.context, _member(organization, paths)),
		"absent": array.concat(made.absent, absent),
	}),
} |
	encryption := {"aws:cloudtrail:arn": arn, "aws:s3:arn": path, "ctkms:unknown": "any bucket"}
	some made in [
		request.by_service("kms:GenerateDataKey", key, trail.source(arn), encryption),
		trail.describe(arn, key),
		request.by_service("kms:Decrypt", key, trail.source(arn), encryption),
	]
]

_untried := "whether CloudTrail gets in for trails that nobody expects: the conditions name more than are tried"

# METADATA
# description: "The probes that CloudTrail makes for an event data store; its requests do not tell which."
store_probes(key) := [
{
	"id": sprintf("stranger store %v", [action]),
	"capability": "stranger_store",
	"subject": null,
	"principal": data.ctkms.cloudtrail.request.service,
	"expect": "refuse",
	"what": sprintf("CloudTrail asks %v for an event data store, which nobody expects", [action]),
	"request": request.assuming_no_context(request.by_service(action, key, {}, {})),
} |
	some action in ["kms:GenerateDataKey", "kms:DescribeKey", "kms:Decrypt"]
]

_path(asked) := claim.value(paths) if {
	paths := [one | some one in asked; one.key == "kms:encryptioncontext:aws:s3:arn"]
	count(paths) > 0
} else := {"ctkms:unknown": "any bucket"}

_none := ["", []]

# None, and those that the conditions name and nobody expects.
_organizations(asked) := {[id, paths] |
	some [id, paths] in claim.organizations(asked, "aws:sourceorgid", "aws:sourceorgpaths")
	id != object.get(data.ctkms.expectations.organization, "id", null)
}

_member(organization, paths) := {"aws:SourceOrgID": organization, "aws:SourceOrgPaths": paths} if {
	paths != []
} else := {}

# A stranger's account need not be in any organization.
_no_member(organization) := ["aws:SourceOrgID", "aws:SourceOrgPaths"] if {
	organization == ""
} else := []

_generic(expected, partition, region, foreign) := array.concat(
	[sprintf("arn:%v:cloudtrail:%v:%v:trail/ctkms-stranger", [partition, region, foreign])],
	[sprintf("%v:trail/ctkms-stranger", [concat(":", array.slice(split(arn, ":"), 0, 5))]) | some arn in expected],
)

# Trails that a pattern of the policy should let in: the pattern with its wildcards filled.
_of_patterns(asked, world, partition, region) := [arn |
	some one in asked
	one.key in {"aws:sourcearn", "kms:encryptioncontext:aws:cloudtrail:arn"}
	some pattern in one.values
	some arn in _of_pattern(pattern, one.like, world, partition, region)
]

_of_pattern(pattern, like, world, partition, region) := [arn |
	some resource in _resources(fields[5])
	some account in filling.accounts(fields[4], world.foreign, world.taken)
	some where in _regions(fields, resource, region)
	arn := concat(":", [
		"arn",
		_filled(fields[1], partition),
		_filled(fields[2], "cloudtrail"),
		where,
		account,
		resource,
	])
	_is_trail(arn)
] if {
	like
	fields := split(pattern, ":")
	count(fields) == 6
} else := filling.whole(pattern, runs, _trail) if {
	like
	place := sprintf("%v:%v", [region, world.foreign])
	start := sprintf("arn:%v:cloudtrail:%v", [partition, place])
	whole := [start, concat("", [start, ":trail"]), concat("", [start, ":trail/"]), place]
	runs := array.concat(whole, array.concat([":trail/ctkms-stranger"], _runs))
} else := [pattern | _is_trail(pattern)]

# Where only the Region is open, another trail is one of the same name elsewhere.
_regions(fields, resource, region) := [region, "ctkms-stranger"] if {
	fields[3] == "*"
	not filling.wild(fields[4])
	not contains(resource, "ctkms-stranger")
} else := [_filled(fields[3], region)]

# The last part of the ARN, where it can be that of a trail: the first wildcard may stand for more than the name.
_resources(field) := ["trail/ctkms-stranger"] if {
	field == "*"
} else := [filling.text(field)] if {
	startswith(field, "trail/")
} else := [filling.text(spelled)] if {
	spelled := _spelled(field)
	startswith(spelled, "trail/")
} else := filling.whole(_spelled(field), _runs, `^trail/[A-Za-z0-9._-]+$`) if {
	contains(field, "*")
} else := []

# What "?" stands for where "trail/" begins.
_spelled(field) := concat("", array.concat(
	[_letter(substring(start, place, 1), place) | some place in numbers.range(0, 5); place < count(start)],
	[substring(field, count(start), -1)],
)) if {
	start := substring(split(field, "*")[0], 0, 6)
}

_letter(written, place) := substring("trail/", place, 1) if {
	written == "?"
} else := written

# What a wildcard may stand for in "trail/" and a name, the longest first.
_runs := [
	"trail/ctkms-stranger",
	"rail/ctkms-stranger",
	"ail/ctkms-stranger",
	"il/ctkms-stranger",
	"l/ctkms-stranger",
	"/ctkms-stranger",
	"trail/",
	"rail/",
	"trail",
	"rail",
	"trai",
	"ail/",
	"rai",
	"tra",
	"ail",
	"il/",
	"ai",
	"l/",
	"il",
	"ra",
	"tr",
	"a",
	"l",
	"/",
	"r",
	"t",
	"i",
	"",
]

_is_trail(text) if regex.match(_trail, text)

_trail := `^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[^*]+$`

_filled(field, whole) := whole if {
	field == "*"
} else := filling.text(field)

# Trails of accounts that aws:SourceAccount names.
_of_accounts(asked, world, partition, region) := [arn |
	some one in asked
	one.key == "aws:sourceaccount"
	some text in one.values
	some account in filling.accounts(text, world.foreign, world.taken)
	arn := sprintf("arn:%v:cloudtrail:%v:%v:trail/ctkms-stranger", [partition, region, account])
]
