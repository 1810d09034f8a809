# METADATA
# title: All requests to try on a key
# description: |
#   What the expectations demand of the key under evaluation, and what it must refuse, as probes by capability and id.
# custom:
#   library: true
package ctkms.cloudtrail.probe

import data.ctkms.cloudtrail.anyone
import data.ctkms.cloudtrail.crowd
import data.ctkms.cloudtrail.owner
import data.ctkms.cloudtrail.request
import data.ctkms.cloudtrail.sample
import data.ctkms.cloudtrail.store
import data.ctkms.cloudtrail.stranger
import data.ctkms.cloudtrail.trail
import data.ctkms.expectations
import data.ctkms.policy

# METADATA
# description: |
#   The probes for the key `arn` (null: not known) with the raw `statements` of its policy, as {capability: {id:
#   probe}}. `uses` has trails, stores and topics: entries as in the expectations, by subject.
probes(arn, statements, uses) := _by_capability([probe |
	some part in parts
	some probe in _made(part, arn, statements, uses)
])

# METADATA
# description: "The parts that probes consist of, for whoever makes them piece by piece."
parts := ["trails", "stores", "accounts", "others", "strangers", "anyone", "people"]

# METADATA
# description: "The probes of one part, in the form of probes."
part_of_probes(part, arn, statements, uses) := _by_capability(_made(part, arn, statements, uses))

_by_capability(made) := {capability: by_id |
	some capability in {probe.capability | some probe in made}
	by_id := {probe.id: probe |
		some probe in made
		probe.capability == capability
	}
}

# METADATA
# description: |
#   What the conditions of the raw `statements` and of the expected identity policies look at: {"object": whether at the
#   object in the encryption context, "context": whether at the encryption context}.
heeds(statements) := {
	"object": contains(text, "kms:encryptioncontext:aws:s3:arn"),
	"context": contains(text, "kms:encryptioncontext"),
} if {
	text := lower(json.marshal([statements, data.ctkms.expectations.principals]))
}

_made("trails", arn, statements, uses) := array.concat(_leaves_out_owners(arn, statements, uses), [probe |
	heeded := heeds(statements)
	some subject, entry in uses.trails
	some probe in trail.probes(subject, entry, request.resource(arn), heeded)
])

_made("stores", arn, _, uses) := [probe |
	some subject, entry in uses.stores
	some probe in store.probes(subject, entry, request.resource(arn))
]

_made("accounts", arn, statements, _) := _accounts(arn, heeds(statements))

_made("others", arn, _, uses) := _others(arn, uses)

_made("strangers", arn, statements, uses) := array.concat(_strangers(arn, statements, uses), _no_stores(arn, uses))

_made("anyone", arn, statements, uses) := _anyone(arn, statements, uses)

_made("people", arn, statements, uses) := _people(arn, statements, uses, heeds(statements))

# Whoever owns an organization trail must be let in, and of those that might not all are tried.
_leaves_out_owners(arn, statements, uses) := [] if {
	count(owner.of_assumed(uses.trails)) == 0
} else := sample.rest([count(cut) > 0], _untried_owners, request.resource(arn)) if {
	assumed := owner.of_assumed(uses.trails)
	known := world(arn, statements, uses)
	cut := [subject |
		some region in {expectations.region(one) | some one in assumed}
		owners := owner.candidates(known, expectations.partition(arn), region)
		some subject in assumed
		owner.leaves_out(expectations.account(subject), owners, owner.most_others(known.most, count(assumed)))
	]
}

_untried_owners := "whether every account gets in that may own an organization trail: more are mentioned than are tried"

# METADATA
# description: |
#   The subjects that stand for all trails of the accounts any of whose trails may use the key `arn`, as
#   {pattern: account}.
account_subjects(arn) := {subject: account |
	some account in _encrypting_accounts(arn)
	subject := sprintf("arn:%v:cloudtrail:*:%v:trail/*", [expectations.partition(arn), account])
}

# One trail stands for all of an account; of its bucket nobody says anything.
_accounts(arn, heeded) := [probe |
	some subject, account in account_subjects(arn)
	any_trail := sprintf("arn:%v:cloudtrail:%v:%v:trail/ctkms-any-trail", [
		expectations.partition(arn),
		_region(arn),
		account,
	])
	some made in trail.probes(any_trail, {}, arn, heeded)
	capability := object.get(_of_accounts, made.capability, made.capability)
	probe := object.union(made, {
		"id": sprintf("%v %v", [account, made.capability]),
		"capability": capability,
		"subject": subject,
		"what": replace(made.what, sprintf("trail %v", [any_trail]), sprintf("a trail of account %v", [account])),
	})
]

_of_accounts := {"encrypt": "encrypt_account"}

# What does not come from the trails and event data stores that use the key.
_others(arn, uses) := array.concat(_topics(arn, uses.topics), [probe |
	some store_arn, roles in uses.copies
	some probe in store.copies(store_arn, roles, request.resource(arn))
])

# Encrypted topics that trails notify: the key under evaluation may be a topic's.
_topics(arn, topics) := [probe |
	some subject, _ in topics
	some action in ["kms:GenerateDataKey", "kms:Decrypt"]
	made := request.by_service(action, request.resource(arn), {}, data.ctkms.cloudtrail.request.undocumented)
	probe := {
		"id": sprintf("%v notify %v", [subject, action]),
		"capability": "notify",
		"subject": subject,
		"principal": data.ctkms.cloudtrail.request.service,
		"expect": "allow",
		"what": sprintf("CloudTrail asks %v to publish to the encrypted topic of trail %v", [action, subject]),
		"request": object.union(made, {"absent": data.ctkms.cloudtrail.request.absent_for_service}),
	}
]

# Trails that nobody expects, where anybody says which to expect.
_strangers(arn, statements, uses) := [] if {
	not _anybody_expected(arn, uses)
} else := stranger.trail_probes(own, others, request.resource(arn), stranger.demands(statements), known.most) if {
	known := world(arn, statements, uses)
	expected := sort([subject | some subject, _ in uses.trails])
	accounts := {expectations.account(subject) | some subject in expected}
	trails := [subject |
		some subject in stranger.trails(expected, known, expectations.partition(arn), _region(arn))
		account := expectations.account(subject)
		not account in _encrypting_accounts(arn)
		not owner.may_be(subject, account, known.taken, uses.trails)
	]
	own := [subject | some subject in trails; expectations.account(subject) in accounts]
	others := [subject | some subject in trails; not expectations.account(subject) in accounts]
}

# Event data stores, where trails are expected and no store is. One store's requests are like another's.
_no_stores(arn, uses) := stranger.store_probes(request.resource(arn)) if {
	_anybody_expected(arn, uses)
	count(uses.stores) == 0
} else := []

_anybody_expected(arn, uses) if {
	(count(uses.trails) + count(uses.stores)) + count(_encrypting_accounts(arn)) > 0
}

# Callers whom nobody expects.
_anyone(arn, statements, uses) := anyone.probes(arn, request.resource(arn), world(arn, statements, uses))

# METADATA
# description: "Who is expected, who is mentioned, and how many strangers are tried (ctkms.cloudtrail.anyone)."
world(arn, statements, uses) := {
	"statements": statements,
	"open": anyone.open_statements(statements),
	"foreign": stranger.foreign_account(statements),
	"expected": stranger.expected_accounts(arn, statements, uses),
	"taken": stranger.mentioned(statements),
	"most": sample.most(statements),
}

_encrypting_accounts(arn) := {account |
	is_string(arn)
	some account, _ in expectations.map(object.get(data.ctkms.expectations.declared_keys, arn, {}), "encrypting_accounts")
}

# People: who can administer the key, who can read without being listed, and whether readers can decrypt anything else.
_people(arn, statements, uses, heeded) := array.concat(
	[
	{
		"id": sprintf("administer %v", [principal]),
		"capability": "administer",
		"subject": null,
		"principal": principal,
		"expect": "allow",
		"what": sprintf("%v changes the key policy", [principal]),
		"request": request.by_person(principal, "kms:PutKeyPolicy", request.resource(arn), {}, {}),
	} |
		some principal in _administrators(arn, statements)
	],
	array.concat(
		array.concat(_unlisted(arn, statements, uses.trails, heeded), _unlisted_users(arn, statements, uses.stores)),
		array.concat(_unlisted_crowds(arn, statements, uses, heeded), _contextless(arn, uses)),
	),
)

_administrators(arn, statements) := _named(statements, expectations.partition(arn)) | _declared_administrators(arn)

_declared_administrators(arn) := declared | {root} if {
	is_string(arn)
	declared := expectations.administrators(arn)
	root := sprintf("arn:%v:iam::%v:root", [expectations.partition(arn), expectations.account(arn)])
} else := set()

_unlisted(arn, statements, trails, heeded) := [made |
	some subject, entry in trails
	count(expectations.map(entry, "readers")) > 0
	some principal in _named(statements, expectations.partition(arn))
	not principal in object.keys(expectations.map(entry, "readers"))
	some probe in trail.reads(principal, subject, entry, request.resource(arn), heeded)
	made := {
		"id": sprintf("unlisted %v", [probe.id]),
		"capability": "unlisted",
		"subject": subject,
		"principal": principal,
		"expect": "refuse",
		"what": probe.what,
		"request": probe.request,
	}
]

_unlisted_users(arn, statements, stores) := [
{
	"id": sprintf("unlisted %v use %v", [subject, principal]),
	"capability": "unlisted_user",
	"subject": subject,
	"principal": principal,
	"expect": "refuse",
	"what": sprintf("%v queries event data store %v", [principal, subject]),
	"request": request.by_person(principal, "kms:Decrypt", request.resource(arn), {}, {}),
} |
	some subject, entry in stores
	count(expectations.map(entry, "users")) > 0
	some principal in _named(statements, expectations.partition(arn))
	not principal in object.keys(expectations.map(entry, "users"))
]

# Whom statements for everyone let in beside strangers, where readers or users are listed.
_unlisted_crowds(arn, statements, uses, heeded) := [] if {
	count([entry | some entry in statements; anyone.for_everyone(entry)]) == 0
} else := array.concat(
	_of_crowds(found.crowds, arn, uses, heeded),
	sample.rest(_cuts(found.cuts, uses), _untried, request.resource(arn)),
) if {
	found := crowd.found(arn, world(arn, statements, uses))
}

_untried := "whether people who are not listed get in: the policy names more than are tried"

# Nobody is unlisted where nobody is listed.
_cuts(cuts, uses) := [cut | listed > 0; some cut in cuts] if {
	listed := count([1 |
		some [section, list] in [["trails", "readers"], ["stores", "users"]]
		some entry in uses[section]
		count(expectations.map(entry, list)) > 0
	])
}

_of_crowds(crowds, arn, uses, heeded) := array.concat(
	[_of_crowd("unlisted", made.id, subject, one, made) |
		some subject, entry in uses.trails
		count(expectations.map(entry, "readers")) > 0
		some one in crowds
		some made in trail.reads(one.principal, subject, entry, request.resource(arn), heeded)
	],
	[_of_crowd("unlisted_user", subject, subject, one, {
		"what": sprintf("%v queries event data store %v", [one.principal, subject]),
		"request": request.by_person(one.principal, "kms:Decrypt", request.resource(arn), {}, {}),
	}) |
		some subject, entry in uses.stores
		count(expectations.map(entry, "users")) > 0
		some one in crowds
	],
)

_of_crowd(capability, id, subject, one, made) := {
	"id": sprintf("unlisted crowd %v %v %v %v %v", [
		id, one.statement, one.who, one.principal, json.marshal(one.context),
	]),
	"capability": capability,
	"subject": subject,
	"principal": one.principal,
	"expect": "refuse",
	"what": made.what,
	"statement": one.statement,
	"kind": one.kind,
	"who": one.who,
	"request": object.union(made.request, {"context": object.union(made.request.context, one.context)}),
}

_contextless(arn, uses) := [
{
	"id": sprintf("contextless %v", [principal]),
	"capability": "contextless",
	"subject": null,
	"principal": principal,
	"expect": "refuse",
	"what": sprintf("%v decrypts something that CloudTrail did not encrypt", [principal]),
	"request": request.by_person(principal, "kms:Decrypt", request.resource(arn), {}, {}),
} |
	readers := {principal |
		some entry in uses.trails
		some principal, _ in expectations.map(entry, "readers")
	}
	users := {principal |
		some entry in uses.stores
		some principal, _ in expectations.map(entry, "users")
	}
	some principal in (readers - users)
]

# Accounts, users, roles and sessions that statements of the policy allow something by name, as ARNs.
_named(statements, partition) := {named |
	some entry in statements
	entry.statement.Effect == "Allow"
	some principal in policy.principals(entry.statement)
	principal.element == "Principal"
	principal.kind == "AWS"
	named := policy.account_arn(principal.value, partition)
	expectations.account(named) != ""
}

_region(arn) := split(arn, ":")[3] if {
	is_string(arn)
} else := "us-east-1"
