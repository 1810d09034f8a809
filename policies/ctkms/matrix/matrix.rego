# METADATA
# title: Who can do what with the key
# description: |
#   A table of the key under evaluation: trails, event data stores, the people who are expected or named, and everybody
#   else, and whether each may encrypt, decrypt, describe, administer and grant. Every cell is what the policy decides
#   on requests; a caller brings whatever context the policy asks for, and of several requests the one that fits least
#   what is expected counts. An entry point of its own: plain checks do not pay for it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/determining-access-key-policy.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   library: true
package ctkms.matrix

import data.ctkms.cloudtrail.anyone
import data.ctkms.cloudtrail.claim
import data.ctkms.cloudtrail.probe
import data.ctkms.cloudtrail.request
import data.ctkms.cloudtrail.trail
import data.ctkms.demand
import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.people.unlisted

# METADATA
# title: The table
# description: |
#   [{kind: trail, store, person or anyone, who, roles, cells: [{column, decision, statements, expected: allow, refuse
#   or either, fits: yes, no or open}]}]; a decision of null was not tried. Empty where there is no policy to judge.
# entrypoint: true
table := [{"kind": one.kind, "who": one.who, "roles": one.roles, "cells": cells} |
	data.ctkms.evaluation.judged
	some one in array.concat(array.concat(_services, _people), array.concat(_others, _anyone))
	cells := [_cell(one, column) | some column in columns]
]

# METADATA
# description: "What there is to do with a key."
columns := ["encrypt", "decrypt", "describe", "administer", "grant"]

_cell(one, column) := {"column": column, "decision": null, "statements": [], "expected": expected, "fits": "open"} if {
	expected := one.expected[column]
	count(one.tries[column]) == 0
} else := {
	"column": column,
	"decision": worst[2].decision,
	"statements": _deciding(worst[2]),
	"expected": expected,
	"fits": _fits(worst[2].decision, expected, one.outside),
} if {
	expected := one.expected[column]
	ranked := sort([[_misfit[_fits(said.decision, expected, one.outside)], _rank(said.decision, expected), said] |
		some asked in one.tries[column]
		said := _decided[asked]
	])
	worst := ranked[count(ranked) - 1]
}

_deciding(said) := said.denied_by if {
	count(said.denied_by) > 0
} else := said.allowed_by

# Outside of the key's account a grant that needs an IAM policy is one all the same: others write that policy.
_fits("unknown", _, _) := "open"

_fits(decision, "either", _) := "yes" if decision != "unknown"

_fits("allow", "allow", _) := "yes"

_fits("needs_iam_policy", "allow", _) := "open"

_fits(decision, "allow", _) := "no" if decision in {"implicit_deny", "explicit_deny"}

_fits("allow", "refuse", _) := "no"

_fits("needs_iam_policy", "refuse", true) := "no"

_fits("needs_iam_policy", "refuse", false) := "yes"

_fits(decision, "refuse", _) := "yes" if decision in {"implicit_deny", "explicit_deny"}

_misfit := {"yes": 0, "open": 1, "no": 2}

_rank(decision, "allow") := 4 - _access[decision]

_rank(decision, expected) := _access[decision] if expected != "allow"

_access := {"explicit_deny": 0, "implicit_deny": 1, "needs_iam_policy": 2, "unknown": 3, "allow": 4}

_decided := evaluation.decide_each({asked |
	some one in array.concat(array.concat(_services, _people), array.concat(_others, _anyone))
	some column in columns
	some asked in one.tries[column]
})

_key := request.resource(data.ctkms.evaluation.key.arn)

default _home := ""

_home := expectations.account(data.ctkms.evaluation.key.arn) if {
	is_string(data.ctkms.evaluation.key.arn)
}

# CloudTrail itself, for each trail and store.
_services := [one |
	some kind, subjects in {"trail": data.ctkms.evaluation.trails, "store": data.ctkms.evaluation.stores}
	some subject, _ in subjects
	one := {
		"kind": kind,
		"who": subject,
		"roles": [kind],
		"outside": true,
		"expected": {
			"encrypt": "allow",
			"decrypt": _demanded("decrypt_service", subject),
			"describe": _demanded("describe", subject),
			"administer": "refuse",
			"grant": "refuse",
		},
		"tries": {
			"encrypt": _probed("encrypt", subject, data.ctkms.cloudtrail.request.service),
			"decrypt": _probed("decrypt_service", subject, data.ctkms.cloudtrail.request.service),
			"describe": _probed("describe", subject, data.ctkms.cloudtrail.request.service),
			"administer": [_by_service("kms:PutKeyPolicy", kind, subject)],
			"grant": [_by_service("kms:CreateGrant", kind, subject)],
		},
	}
]

# What AWS's own policies do without is neither demanded nor odd.
_demanded(capability, subject) := "allow" if {
	uses := {"trails": data.ctkms.evaluation.trails, "stores": data.ctkms.evaluation.stores}
	demand.level(capability, subject, uses) == "error"
} else := "either"

_by_service(action, "trail", subject) := request.by_service(
	action,
	_key,
	trail.source(subject),
	data.ctkms.cloudtrail.request.undocumented,
)

_by_service(action, "store", _) := request.by_service(
	action,
	_key,
	{},
	data.ctkms.cloudtrail.request.undocumented,
)

_probed(capability, subject, principal) := [one.probe.request |
	some one in evaluation.tried_for(capability, subject)
	one.probe.principal == principal
]

# People: readers and administrators, and whoever else a statement names.
_people := [one |
	some principal in sort(object.keys(_roles))
	roles := _roles[principal]
	readings := _readings(principal)
	usings := _usings(principal)
	one := {
		"kind": "person",
		"who": principal,
		"roles": sort(roles),
		"outside": expectations.account(principal) != _home,
		"expected": {
			"encrypt": _expected_of(roles, {"user": "allow", "administrator": "either", "named": "either"}),
			"decrypt": _expected_of(roles, {
				"reader": "allow", "user": "allow",
				"administrator": "either", "named": _of_named(principal),
			}),
			"describe": _expected_of(roles, {
				"reader": "either", "user": "either",
				"administrator": "either", "named": "either",
			}),
			"administer": _expected_of(roles, {"administrator": "allow", "named": "either"}),
			"grant": _expected_of(roles, {"administrator": "either", "named": "either"}),
		},
		"tries": object.union(_claims([_as_itself(principal)]), {
			"encrypt": _or(
				[made | some made in usings; made.action == "kms:GenerateDataKey"],
				_tries([_as_itself(principal)], "encrypt"),
			),
			"decrypt": _or(
				array.concat(readings, [made | some made in usings; made.action == "kms:Decrypt"]),
				_tries([_as_itself(principal)], "decrypt"),
			),
		}),
	}
]

# Where readers or users are listed, others are warned of.
_of_named(principal) := "refuse" if {
	principal in _unlisted
} else := "either"

_unlisted contains found.principal if {
	some capability in ["unlisted", "unlisted_user"]
	some found in unlisted.found(capability)
}

_or(wanted, others) := wanted if {
	count(wanted) > 0
} else := others

_expected_of(roles, by_role) := "allow" if {
	some role in roles
	by_role[role] == "allow"
} else := "either" if {
	some role in roles
	by_role[role] == "either"
} else := "refuse"

_readings(principal) := [made |
	some subject, _ in data.ctkms.evaluation.trails
	some made in _probed("read", subject, principal)
]

_usings(principal) := [made |
	some subject, _ in data.ctkms.evaluation.stores
	some made in _probed("use", subject, principal)
]

_roles[principal] contains "reader" if {
	some entry in data.ctkms.evaluation.trails
	some principal, _ in expectations.map(entry, "readers")
}

_roles[principal] contains "user" if {
	some entry in data.ctkms.evaluation.stores
	some principal, _ in expectations.map(entry, "users")
}

_roles[principal] contains "administrator" if some principal in _administrators

_roles[principal] contains role if {
	some one in evaluation.tried("administer")
	principal := one.probe.principal
	not principal in _administrators
	not _expected_reader(principal)
	role := _role_in(expectations.account(principal))
}

# Of an account that nobody expects, nobody is.
_role_in(account) := "named" if {
	account in _world.expected
} else := "unexpected"

_expected_reader(principal) if count(_readings(principal)) > 0

_expected_reader(principal) if count(_usings(principal)) > 0

_administrators contains principal if {
	some principal in expectations.administrators(data.ctkms.evaluation.key.arn)
}

_administrators contains principal if {
	_home != ""
	principal := sprintf("arn:%v:iam::%v:root", [_partition, _home])
}

_partition := expectations.partition(data.ctkms.evaluation.key.arn)

# A caller as itself: it claims no organization.
_as_itself(principal) := {"capability": "insider", "principal": principal, "organization": "", "paths": []}

# Services other than CloudTrail that statements name, for whichever account they work.
_others := [{
	"kind": "person",
	"who": service,
	"roles": ["unexpected"],
	"outside": true,
	"expected": {column: "refuse" | some column in columns},
	"tries": {column: [made |
		some action in actions
		made := anyone.by_service(service, action, _key, _world.foreign)
	] |
		some column, actions in _actions
	},
} |
	some service in sort(_named_services)
]

_named_services contains principal.value if {
	some entry in data.ctkms.evaluation.statements
	some principal in anyone.other_services(entry)
}

# Everybody else.
_anyone := array.concat(
	[_outsiders("anyone of the key's account", [_stranger(_home, "insider", "", [])], false) | _home != ""],
	array.concat(
		[_outsiders(sprintf("anyone of organization %v", [id]), [_stranger(_world.foreign, "insider", id, paths)], true) |
			id := object.get(data.ctkms.expectations.organization, "id", null)
			is_string(id)
			paths := [sprintf("%v/r-ctkms/ou-ctkms-stranger/", [id])]
		],
		[
			_outsiders(
				"anyone of other accounts", array.concat(
					[_stranger(_world.foreign, "anyone", "", [])],
					[caller | some demanded in _demands; some caller in anyone.callers(_arn, demanded, _world)],
				),
				true,
			),
			_nobody,
		],
	),
)

_stranger(account, capability, organization, paths) := {
	"capability": capability,
	"principal": sprintf("arn:%v:iam::%v:user/ctkms-stranger", [_partition, account]),
	"organization": organization,
	"paths": paths,
}

_outsiders(who, callers, outside) := {
	"kind": "anyone",
	"who": who,
	"roles": [],
	"outside": outside,
	"expected": {column: "refuse" | some column in columns},
	"tries": _claims(callers),
}

_nobody := {
	"kind": "anyone",
	"who": "anyone without credentials",
	"roles": [],
	"outside": true,
	"expected": {column: "refuse" | some column in columns},
	"tries": {column: [_anonymous(made) | some made in made_by_strangers] |
		some column, made_by_strangers in _claims([_stranger(_world.foreign, "anyone", "", [])])
	},
}

# Who shows no credentials has neither an account nor a name.
_anonymous(made) := object.union(object.remove(made, ["identity_policies", "context"]), {
	"principal": "*",
	"context": object.remove(made.context, ["aws:PrincipalArn", "aws:PrincipalAccount", "kms:CallerAccount"]),
	"absent": array.concat(made.absent, ["aws:PrincipalArn", "aws:PrincipalAccount", "kms:CallerAccount"]),
})

_claims(callers) := {column: _tries(callers, column) | some column in columns}

_tries(callers, column) := [made | some made in requests] if {
	requests := {made |
		some caller in {one | some one in callers}
		some action in _actions[column]
		some demanded in _demands
		made := anyone.asks(caller, action, _key, demanded)
	}
}

_actions := {
	"encrypt": ["kms:GenerateDataKey", "kms:Encrypt"],
	"decrypt": ["kms:Decrypt"],
	"describe": ["kms:DescribeKey"],
	"administer": ["kms:PutKeyPolicy"],
	"grant": ["kms:CreateGrant"],
}

# What each Allow asks for, and what to bring to escape the Denies.
_demands := {escapes} | {array.concat(claim.of_allow(entry), escapes) |
	some entry in data.ctkms.evaluation.statements
	entry.statement.Effect == "Allow"
} if {
	escapes := claim.of_denies(data.ctkms.evaluation.statements)
}

_arn := data.ctkms.evaluation.key.arn

_world := probe.world(_arn, data.ctkms.evaluation.statements, {
	"trails": data.ctkms.evaluation.trails,
	"stores": data.ctkms.evaluation.stores,
	"topics": data.ctkms.evaluation.topics,
	"copies": data.ctkms.evaluation.copies,
})
