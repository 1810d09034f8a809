# METADATA
# title: Principal and NotPrincipal
# description: |
#   Who a statement speaks about. A caller can be covered directly (itself, its role, everyone) or through its account,
#   which in a key policy only hands the decision to the account's IAM policies; so a match has two truths, {"direct",
#   "account"}.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   library: true
package ctkms.iam.principal

import data.ctkms.iam.arn
import data.ctkms.iam.element
import data.ctkms.iam.kleene

# METADATA
# description: |
#   The principal element of a statement as {"name", "form": "everyone" | "listed" | "others" | "none" | "malformed" |
#   "unknown", "everyone", "services", "arns", "roles", "names": roles without their path, "accounts", "roots",
#   "unknown": members with values that nobody knows, "index": all that can cover a caller}. An identity policy's
#   statement has no such element and speaks about everyone: the caller is whom it is attached to.
prepare(statement, identity) := {"name": "", "form": "everyone"} if {
	identity
	not _named(statement)
} else := {"name": "", "form": "malformed"} if {
	identity
} else := {"name": "", "form": "malformed"} if {
	not _named(statement)
} else := {"name": "", "form": "malformed"} if {
	element.both(statement, "Principal", "NotPrincipal")
} else := _read("Principal", statement.Principal) if {
	"Principal" in object.keys(statement)
} else := _read("NotPrincipal", statement.NotPrincipal)

# METADATA
# description: |
#   A request's caller as {"kind": "service" | "anonymous" | "account" | "root" | "user", a federated user too | "role"
#   | "session" | "other" | "unknown", "id": as written, "account", "root": the ARN of its account, "role": its role
#   ARN without path, "arn": the role ARN that the context gives for a session (null: none, "": nobody knows), "names":
#   all under which a statement can list it}.
caller(principal, context) := _service(principal) if {
	is_string(principal)
	contains(principal, ".")
	not contains(principal, ":")
} else := _caller(principal, arn.account(principal), split(principal, ":"), context) if {
	is_string(principal)
} else := {"kind": "unknown", "id": "", "account": "", "root": "", "role": "", "arn": null, "names": [""]}

# METADATA
# description: |
#   Whether a prepared principal element covers a caller, as [truth directly, truth through the account]; malformed is
#   the truth of a malformed element.
match(prepared, caller, malformed) := [2, 0] if {
	prepared.form == "everyone"
} else := [0, 0] if {
	prepared.form == "listed"
	prepared.unknown == {}
	not _mentions(prepared.index, caller.names)
} else := [_direct(prepared, caller), _account(prepared, caller)] if {
	prepared.form == "listed"
} else := [_others(_layers(prepared, caller)), 0] if {
	prepared.form == "others"
} else := [malformed, 0] if {
	prepared.form == "malformed"
} else := [1, 0] if {
	prepared.form == "unknown"
} else := [0, 0]

_mentions(index, names) if {
	some name in names
	index[name]
}

_named(statement) if "Principal" in object.keys(statement)

_named(statement) if "NotPrincipal" in object.keys(statement)

_read(name, value) := {"name": name, "form": "unknown"} if {
	kleene.is_unknown(value)
} else := _prepared(name, [["AWS", "*"]]) if {
	value == "*"
} else := {"name": name, "form": "none"} if {
	value in [[], {}]
} else := {"name": name, "form": "malformed"} if {
	not is_object(value)
} else := {"name": name, "form": "malformed"} if {
	_has_other_kinds(value)
} else := {"name": name, "form": "malformed"} if {
	_has_other_than_items(value)
} else := _prepared(name, entries) if {
	entries := [[kind, item] | some kind, items in value; some item in kleene.listed(items)]
	count(entries) > 0
} else := {"name": name, "form": "none"}

_has_other_kinds(value) if {
	some kind, _ in value
	not kind in _kinds
}

_has_other_than_items(value) if {
	some items in value
	element.has_other_than_items(kleene.listed(items))
}

_kinds := {"AWS", "Service", "Federated", "CanonicalUser"}

_prepared(name, entries) := object.union(listed, {
	"name": name,
	"form": _form(name, listed.everyone),
	"unknown": {kind: true | some [kind, entry] in entries; kind in {"AWS", "Service"}; is_object(entry)},
	"index": object.union_n([
		{"": true},
		listed.services,
		listed.arns,
		listed.names,
		listed.accounts,
		listed.roots,
		listed.root_accounts,
	]),
}) if {
	listed := _listed_forms([[_kind_of_entry(kind, entry), entry] | some [kind, entry] in entries])
}

_form(name, everyone) := "others" if {
	name == "NotPrincipal"
} else := "everyone" if {
	everyone
} else := "listed"

_listed_forms(entries) := {
	"everyone": ["everyone", "*"] in entries,
	"services": {entry: true | some [kind, entry] in entries; kind == "service"},
	"arns": {entry: true | some [kind, entry] in entries; kind in {"user", "role", "session"}},
	"roles": roles,
	"names": {_without_path(role): true | some role, _ in roles},
	"accounts": {entry: true | some [kind, entry] in entries; kind == "account"},
	"roots": roots,
	"root_accounts": {split(root, ":")[4]: true | some root, _ in roots},
} if {
	roles := {entry: true | some [kind, entry] in entries; kind == "role"}
	roots := {entry: true | some [kind, entry] in entries; kind == "root"}
}

# What an entry lists; "" where it covers nobody.
_kind_of_entry(member, entry) := "" if {
	not is_string(entry)
} else := "everyone" if {
	member == "AWS"
	entry == "*"
} else := "" if {
	_wild(entry)
} else := "service" if {
	member == "Service"
} else := "" if {
	member != "AWS"
} else := "account" if {
	arn.is_account(entry)
} else := "" if {
	_is_unnamed_session(entry)
} else := _kind_of_arn(split(entry, ":"))

_wild(text) if contains(text, "*")

_wild(text) if contains(text, "?")

# The ARN of a session without its name covers nobody.
_is_unnamed_session(entry) if {
	contains(entry, ":assumed-role/")
	count(split(entry, "/")) < 3
}

_kind_of_arn(segments) := "" if {
	not _is_principal(segments)
} else := "root" if {
	segments[2] == "iam"
	segments[5] == "root"
	arn.is_account(segments[4])
} else := object.get(_kinds_of_arns, [segments[2], split(segments[5], "/")[0]], "") if {
	contains(segments[5], "/")
} else := ""

_kinds_of_arns := {
	"iam": {"user": "user", "role": "role"},
	"sts": {"assumed-role": "session", "federated-user": "user"},
}

_is_principal(segments) if {
	count(segments) == 6
	segments[0] == "arn"
	segments[3] == ""
}

# Role names are unique in an account, whatever their path.
_without_path(role) := concat("/", [split(role, "/")[0], path[count(path) - 1]]) if {
	path := split(role, "/")
}

_service(id) := {"kind": "service", "id": id, "account": "", "root": "", "role": "", "arn": null, "names": [id]}

_caller(id, account, segments, context) := {
	"kind": kind,
	"id": id,
	"account": account,
	"root": root,
	"role": role,
	"arn": session_role,
	"names": [name | some name in [id, account, root, role, session_role]; name != null; name != ""],
} if {
	kind := _kind(id, segments)
	root := _root(account, segments)
	role := _role(kind, segments)
	session_role := _session_role(kind, context)
}

_kind(id, segments) := "anonymous" if {
	id == "*"
} else := "account" if {
	arn.is_account(id)
} else := "other" if {
	_kind_of_arn(segments) == ""
} else := _kind_of_arn(segments)

_root(account, segments) := sprintf("arn:%v:iam::%v:root", [segments[1], account]) if {
	count(segments) > 5
	account != ""
} else := ""

_role(kind, segments) := sprintf("arn:%v:iam::%v:role/%v", [segments[1], segments[4], split(segments[5], "/")[1]]) if {
	kind == "session"
} else := ""

_session_role(kind, context) := _only(object.get(context.keys, "aws:principalarn", [])) if {
	kind == "session"
} else := null

_only(values) := null if {
	values == []
} else := values[0] if {
	count(values) == 1
	is_string(values[0])
} else := ""

_direct(prepared, caller) := 2 if {
	caller.kind == "service"
	prepared.services[caller.id]
} else := 1 if {
	_in_doubt(prepared.unknown, caller)
	not _certainly(prepared, caller)
} else := 1 if {
	caller.kind == "unknown"
	_somebody(prepared)
} else := _itself(prepared, caller)

# A value that nobody knows under AWS may be "*", one under Service concerns services only.
_in_doubt(unknown, _) if unknown.AWS

_in_doubt(unknown, caller) if {
	unknown.Service
	caller.kind in {"service", "unknown"}
}

_certainly(prepared, caller) if _itself(prepared, caller) == 2

# Whether the caller itself or the role of its session is listed.
_itself(prepared, caller) := 2 if {
	prepared.arns[caller.id]
} else := 0 if {
	caller.kind != "session"
} else := 0 if {
	prepared.names == {}
} else := _session_of(prepared, caller)

_session_of(prepared, caller) := 0 if {
	caller.arn == null
	not prepared.names[caller.role]
} else := 2 if {
	caller.arn == null
} else := 1 if {
	caller.arn == ""
	prepared.names[caller.role]
} else := 2 if {
	prepared.roles[caller.arn]
} else := 0

_somebody(prepared) if count(prepared.services) + count(prepared.arns) > 0

_account(prepared, caller) := 2 if {
	prepared.accounts[caller.account]
} else := 2 if {
	prepared.roots[caller.root]
} else := 2 if {
	caller.kind == "account"
	prepared.root_accounts[caller.id]
} else := 1 if {
	caller.kind == "unknown"
	count(prepared.accounts) + count(prepared.roots) > 0
} else := 0

# A caller is exempt from NotPrincipal where every layer of it is listed: its account, its role, itself.
_others(layers) := 0 if {
	min(layers) == 2
} else := 2 if {
	max(layers) == 0
} else := 1

_layers(prepared, caller) := [2] if {
	prepared.everyone
} else := [max([1, truth]) | some truth in _listed(prepared, caller)] if {
	_in_doubt(prepared.unknown, caller)
} else := _listed(prepared, caller)

_listed(prepared, caller) := [1] if {
	caller.kind == "unknown"
} else := [_yes(object.get(prepared.services, caller.id, false))] if {
	caller.kind == "service"
} else := [_account(prepared, caller)] if {
	caller.kind in {"root", "account"}
} else := array.concat(_listed_self(prepared, caller), [_session_of(prepared, caller)]) if {
	caller.kind == "session"
} else := array.concat(_listed_self(prepared, caller), [0]) if {
	caller.kind == "role"
} else := _listed_self(prepared, caller)

_listed_self(prepared, caller) := [
	_account(prepared, caller),
	_yes(object.get(prepared.arns, caller.id, false)),
]

_yes(listed) := 2 if {
	listed
} else := 0
