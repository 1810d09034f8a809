package ctkms.rules.policy.composite_test

import data.ctkms.testing_test as testing

# What all rules of this family say of a policy, as [level, rule].
_said contains [finding.level, finding.rule] if finding := data.ctkms.rules.policy[_].findings[_]

# The policy that the CloudTrail console writes for a trail's key.
_console_trail := testing.policy([
	testing.but(object.remove(testing.root, ["Principal"]), {"Principal": {"AWS": [
		"arn:aws:iam::111111111111:root",
		"111111111111",
	]}}),
	testing.encrypt,
	testing.but(testing.decrypt, {"Sid": "Allow CloudTrail to describe key", "Action": "kms:DescribeKey"}),
	_console_decrypt("Allow principals in the account to decrypt log files"),
	{
		"Sid": "Allow alias creation during setup",
		"Effect": "Allow",
		"Principal": {"AWS": "*"},
		"Action": "kms:CreateAlias",
		"Resource": "*",
		"Condition": {"StringEquals": {
			"kms:CallerAccount": "111111111111",
			"kms:ViaService": "ec2.us-east-1.amazonaws.com",
		}},
	},
	_console_decrypt("Enable cross account log decryption"),
])

_console_decrypt(sid) := {
	"Sid": sid,
	"Effect": "Allow",
	"Principal": {"AWS": "*"},
	"Action": ["kms:Decrypt", "kms:ReEncryptFrom"],
	"Resource": "*",
	"Condition": {
		"StringEquals": {"kms:CallerAccount": "111111111111"},
		"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*"},
	},
}

# The policy that it writes for an event data store's key.
_console_store := testing.policy([
	testing.but(testing.store_encrypt, {"Action": ["kms:GenerateDataKey", "kms:Decrypt"]}),
	testing.root,
	testing.but(object.remove(testing.store_user, ["Principal"]), {"Principal": {
		"AWS": "arn:aws:sts::111111111111:assumed-role/example-role-name",
	}}),
])

test_the_documented_statements_are_without_fault if {
	every policy in [testing.trail_policy, testing.store_policy] {
		said := _said with input as testing.of(policy) with data.expected as testing.trail_with({})
		said == {["note", "KP-RESOURCE-STAR"]}
	}
}

test_the_consoles_policy_for_a_trail_is_without_fault if {
	said := _said with input as testing.of(_console_trail) with data.expected as testing.trail_with({})
	said == {["note", "KP-RESOURCE-STAR"]}
}

test_the_older_policy_of_the_console_is_without_fault if {
	older := object.union(_console_trail, {"Statement": [statement |
		some written in _console_trail.Statement
		statement := json.remove(written, ["Condition/StringEquals/aws:SourceArn"])
	]})
	said := _said with input as testing.of(older) with data.expected as testing.trail_with({})
	count({level | some [level, _] in said; level == "error"}) == 0
}

test_the_consoles_policy_for_a_store_has_one_doubtful_principal if {
	said := _said with input as testing.of(_console_store) with data.expected as testing.store_with({})
	said == {["note", "KP-RESOURCE-STAR"], ["warning", "KP-PRINCIPAL-EXISTS"]}
}

test_no_error_where_nobody_says_which_key_it_is if {
	every policy in [testing.trail_policy, testing.store_policy, _console_trail, _console_store] {
		said := _said with input as testing.of_key({"arn": null, "policy": policy})
		count({level | some [level, _] in said; level == "error"}) == 0
	}
}

test_a_statement_on_its_own_is_no_error if {
	every statement in [testing.encrypt, testing.decrypt, testing.describe, testing.reader, testing.store_user] {
		given := testing.of_key({"kind": "statement", "policy": {"Statement": statement}})
		said := _said with input as given with data.expected as testing.trail_with({})
		count({level | some [level, _] in said; level == "error"}) == 0
		["note", "KP-VERSION"] in said
		["note", "KP-ADMIN"] in said
	}
}

test_a_service_statement_on_its_own_lets_nobody_change_the_policy if {
	given := testing.of_key({"kind": "statement", "policy": {"Statement": testing.encrypt}})
	said := _said with input as given with data.expected as testing.trail_with({})
	said == {
		["note", "KP-ADMIN"],
		["note", "KP-RESOURCE-STAR"],
		["note", "KP-VERSION"],
		["warning", "KP-LOCKOUT"],
	}
}

_odd := [null, true, 5, "text", [], {}, {"ctkms:unknown": "later"}, [[{"a": null}]], {"a": {"b": ["c", {}]}}]

test_any_member_of_a_statement_is_judged_without_failing if {
	members := ["Effect", "Principal", "NotPrincipal", "Action", "Resource", "NotResource", "Condition", "Sid"]
	every value in _odd {
		every member in members {
			policy := testing.policy([object.union(object.remove(testing.encrypt, [member]), {member: value})])
			said := _said with input as testing.of(policy) with data.expected as testing.trail_with({})
			is_set(said)
		}
	}
}

test_any_member_of_a_policy_is_judged_without_failing if {
	every value in _odd {
		said := _said with input as testing.of({"Version": value, "Id": value, "Statement": value})
		is_set(said)
	}
}

test_any_policy_is_judged_without_failing if {
	every value in _odd {
		said := _said with input as testing.of(value)
		is_set(said)
	}
}
