# METADATA
# title: Many requests on one policy
# description: |
#   Finds for each of many requests the statements that match it, looking at each statement once for all requests of a
#   caller and action: through an index of the statements by the names of their principals, and by the values that
#   their conditions compare exactly. What an index leaves out cannot match.
# custom:
#   library: true
package ctkms.iam.batch

import data.ctkms.iam.context
import data.ctkms.iam.request as requests
import data.ctkms.iam.statement

# METADATA
# description: "Requests by id, prepared, by id; what they share is prepared once."
prepare(asked) := {id: requests.prepare_with(request, names) | some id, request in asked} if {
	names := {list: context.names(list) |
		some list in {list |
			some request in asked
			is_object(request)
			some member in ["absent", "unknown"]
			list := object.get(request, member, [])
			is_array(list)
		}
	}
}

# METADATA
# description: |
#   A prepared policy with its statements by the names that can list a caller: {"statements", "named": {name:
#   {position: true}}, "others": positions of statements of which their names do not tell whom they cover}.
index(prepared) := {
	"statements": prepared.statements,
	"named": object.union_n([{name: {position: true}} |
		some position, one in prepared.statements
		_is_listed(one.principal)
		some name, _ in one.principal.index
	]),
	"others": {position: true | some position, one in prepared.statements; not _is_listed(one.principal)},
}

# METADATA
# description: |
#   The statements that match each of the prepared requests, or may, by id: {"allows", "denies"}, lists as
#   ctkms.iam.statement.matching gives them.
matches(indexed, asked) := {id: found |
	some id, request in asked
	near := reached[_subject(request)]
	found := {"allows": _holding(near.allow, request, 0), "denies": _holding(near.deny, requests.for_deny(request), 1)}
} if {
	reached := {subject: by_view |
		some subject in {_subject(request) | some request in asked}
		listed := speaking_of(indexed, subject.caller)
		by_view := {"allow": _reaching(listed, subject, "allow", 0), "deny": _reaching(listed, subject, "deny", 1)}
	}
}

# METADATA
# description: "The statements, in their order, that can cover a prepared request's caller."
speaking_of(indexed, caller) := [indexed.statements[position] |
	some position in sort(object.keys(object.union_n(array.concat(
		[indexed.others],
		[object.get(indexed.named, name, {}) | some name in caller.names],
	))))
]

# METADATA
# description: "The indices of the Allows that speak of a prepared request's caller and action, or may."
allows_of(indexed, asked) := {one.statement.index |
	some one in statement.reaching(speaking_of(indexed, asked.caller), asked, "allow", 0)
}

_is_listed(principal) if {
	principal.form == "listed"
	principal.unknown == {}
}

# What reaching looks at.
_subject(request) := object.filter(request, ["caller", "action", "action_kind"])

_reaching(statements, subject, view, malformed) := _indexed(statement.reaching(statements, subject, view, malformed))

# Few are quicker tried than looked up.
_indexed(reached) := {"all": reached, "names": {}} if {
	count(reached) < 5
} else := {"all": reached, "names": {name: _by_value(reached, exact, name) | some name in names}, "rest": rest} if {
	exact := {position: _exact(one.statement.conditions) | some position, one in reached}
	names := {one.name | some one in exact; one.name != ""}
	rest := {position: true | some position, one in exact; one.name == ""}
}

_by_value(reached, exact, name) := {
	"all": {position: true | some position, _ in reached; exact[position].name == name},
	"values": object.union_n([{value: {position: true}} |
		some position, _ in reached
		exact[position].name == name
		some value in exact[position].values
	]),
}

# The first condition that only a key with one of its values meets.
_exact(conditions) := array.concat(
	[{"name": one.name, "values": one.values.exact} | some one in conditions; _is_exact(one)],
	[{"name": "", "values": []}],
)[0]

_is_exact(one) if {
	one.state == "ok"
	one.plain
	one.parsed.type in {"string", "arn"}
	one.parsed.comparison in {"equals", "like"}
	not one.parsed.negated
	not one.parsed.if_exists
	one.values.certain
	not one.values.any
	one.values.patterns == []
}

_holding(found, request, malformed) := statement.holding(found.all, request, malformed) if {
	found.names == {}
} else := statement.holding([found.all[position] | some position in positions], request, malformed) if {
	positions := sort(object.keys(object.union_n(array.concat([found.rest], [there |
		some name, by_value in found.names
		some there in _with_value(by_value, context.lookup(request.context, name))
	]))))
}

# Where it is known which texts the request carries, the statements with one of them; else all that compare the key.
_with_value(by_value, entry) := [] if {
	entry.presence == 0
} else := [object.get(by_value.values, value, {}) | some value in entry.values] if {
	entry.presence == 2
	count([value | some value in entry.values; not is_string(value)]) == 0
} else := [by_value.all]
