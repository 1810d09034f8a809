package ctkms.generate.companion_test

import data.ctkms.evaluation
import data.ctkms.generate.companion
import data.ctkms.testing_test as testing

_role := "arn:aws:iam::111111111111:role/Reader"

_outsiders := "arn:aws:iam::222222222222:root"

_expected(readers, principals) := object.union(testing.trail_with({"readers": readers}), {"principals": principals})

_policies(expected, statements) := found if {
	document := testing.of(testing.policy([testing.root]))
	probes := evaluation.probes with input as document with data.expected as expected
	required := [probe | some probe in probes.read]
	found := companion.policies(required, statements) with input as document with data.expected as expected
}

_admitted := [testing.but(testing.reader, {"Principal": {"AWS": [testing.alice, testing.bob, _outsiders]}})]

test_a_reader_elsewhere_gets_an_iam_policy_once_the_key_lets_them_in if {
	readers := {testing.alice: {}, testing.bob: {}, _outsiders: {}}
	_policies(_expected(readers, {}), _admitted) == [{
		"kind": "iam-policy",
		"principal": testing.alice,
		"document": {"Version": "2012-10-17", "Statement": [{
			"Sid": "UseCloudTrailKey",
			"Effect": "Allow",
			"Action": "kms:Decrypt",
			"Resource": testing.key,
		}]},
	}]
}

test_nobody_gets_an_iam_policy_that_does_not_help if {
	_policies(_expected({testing.alice: {}}, {}), []) == []
}

test_an_iam_policy_that_is_there_is_enough if {
	own := {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}
	principals := {testing.alice: {"identity_policies": {"own": own}}}
	_policies(_expected({testing.alice: {}}, principals), _admitted) == []
}

test_a_role_that_others_assume_gets_a_trust_policy if {
	readers := {_role: {}}
	_policies(_expected(readers, {_role: {"assumed_by": {_outsiders: {}}}}), []) == [{
		"kind": "trust-policy",
		"principal": _role,
		"document": {"Version": "2012-10-17", "Statement": [{
			"Sid": "AssumeToReadCloudTrail",
			"Effect": "Allow",
			"Principal": {"AWS": _outsiders},
			"Action": "sts:AssumeRole",
		}]},
	}]
	_policies(_expected(readers, {_role: {"assumed_by": {_outsiders: {}}, "trust_policy": {}}}), []) == []
	_policies(_expected(readers, {_role: {}}), []) == []
}
