package ctkms.cloudtrail.request_test

import data.ctkms.cloudtrail.request
import data.ctkms.testing_test as testing

test_the_service_with_a_source_and_an_encryption_context if {
	made := request.by_service("kms:GenerateDataKey", testing.key, {"aws:SourceArn": "t"}, {"b": "2", "a": "1"})
	made == {
		"principal": "cloudtrail.amazonaws.com",
		"action": "kms:GenerateDataKey",
		"resource": testing.key,
		"context": {
			"aws:PrincipalIsAWSService": "true",
			"aws:PrincipalServiceName": "cloudtrail.amazonaws.com",
			"aws:PrincipalServiceNamesList": ["cloudtrail.amazonaws.com"],
			"aws:SecureTransport": "true",
			"aws:SourceArn": "t",
			"kms:EncryptionContext:a": "1",
			"kms:EncryptionContext:b": "2",
			"kms:EncryptionContextKeys": ["a", "b"],
			"kms:MultiRegion": "false",
			"aws:ResourceAccount": "111111111111",
		},
		"absent": array.concat(data.ctkms.cloudtrail.request.absent_for_service, ["kms:EncryptionContext*"]),
		"unknown": ["aws:*", "kms:*"],
	}
}

test_an_encryption_context_of_which_not_all_is_documented if {
	more := {"ctkms:unknown": "perhaps more"}
	made := request.by_service("kms:Decrypt", testing.key, {}, object.union({"a": "1"}, more))
	made.context["kms:EncryptionContext:a"] == "1"
	made.context["kms:EncryptionContextKeys"] == ["a", more]
	not "kms:EncryptionContext*" in made.absent
	nothing := request.by_service("kms:Decrypt", testing.key, {}, data.ctkms.cloudtrail.request.undocumented)
	not "kms:EncryptionContextKeys" in object.keys(nothing.context)
	not "kms:EncryptionContext*" in nothing.absent
}

test_the_service_without_a_source_carries_no_source_keys if {
	made := request.by_service("kms:Decrypt", testing.key, {}, {})
	every key in ["aws:SourceArn", "aws:SourceAccount"] {
		key in made.absent
	}
	not "kms:EncryptionContextKeys" in object.keys(made.context)
}

test_what_nobody_documents_of_the_service_is_not_absent if {
	made := request.by_service("kms:Decrypt", testing.key, {}, {})
	every key in ["aws:SourceOrgID", "aws:SourceOrgPaths", "aws:PrincipalAccount", "aws:userid", "kms:CallerAccount"] {
		not key in made.absent
	}
	made.unknown == ["aws:*", "kms:*"]
}

test_no_context_is_only_assumed_where_there_may_be_one if {
	decrypt := request.by_service("kms:Decrypt", testing.key, {}, {})
	"kms:EncryptionContext*" in decrypt.absent
	assuming := request.assuming_no_context(decrypt)
	not "kms:EncryptionContext*" in assuming.absent
	assuming.assumed_absent == ["kms:EncryptionContext*"]
	describe := request.by_service("kms:DescribeKey", testing.key, {}, {})
	request.assuming_no_context(describe) == describe
}

test_a_person_is_known_by_arn_and_account if {
	via := {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
	made := request.by_person(testing.alice, "kms:Decrypt", testing.key, {}, via)
	made.principal == testing.alice
	made.context == {
		"aws:PrincipalArn": testing.alice,
		"aws:PrincipalAccount": "222222222222",
		"aws:PrincipalIsAWSService": "false",
		"aws:SecureTransport": "true",
		"kms:CallerAccount": "222222222222",
		"kms:ViaService": "s3.us-east-1.amazonaws.com",
		"kms:MultiRegion": "false",
		"aws:ResourceAccount": "111111111111",
	}
	made.absent == [
		"aws:SourceArn",
		"aws:SourceAccount",
		"aws:SourceOrgID",
		"aws:SourceOrgPaths",
		"aws:PrincipalServiceName*",
		"kms:EncryptionContext*",
	]
	made.unknown == ["aws:*", "kms:*"]
	made.identity_policies == []
}

test_a_person_of_a_listed_account_belongs_to_the_organization if {
	expected := {"organization": {"id": "o-a1b2c3d4e5"}, "accounts": {"222222222222": {}}}
	made := request.by_person(testing.alice, "kms:Decrypt", testing.key, {}, {}) with data.expected as expected
	made.context["aws:PrincipalOrgID"] == "o-a1b2c3d4e5"
	other := request.by_person(testing.bob, "kms:Decrypt", testing.key, {}, {}) with data.expected as expected
	not "aws:PrincipalOrgID" in object.keys(other.context)
}

test_a_person_of_the_management_account_belongs_to_the_organization if {
	expected := {"organization": {"id": "o-a1b2c3d4e5", "management_account": "111111111111"}}
	made := request.by_person(testing.bob, "kms:Decrypt", testing.key, {}, {}) with data.expected as expected
	made.context["aws:PrincipalOrgID"] == "o-a1b2c3d4e5"
}

test_identity_policies_come_from_the_expectations if {
	companion := {"Statement": []}
	expected := {"principals": {testing.alice: {"identity_policies": {"read-logs": companion}}}}
	request.identity_policies(testing.alice) == [companion] with data.expected as expected
	request.identity_policies(testing.bob) == [] with data.expected as expected
}

_session := "arn:aws:sts::111111111111:assumed-role/Reader/session"

_role := "arn:aws:iam::111111111111:role/team/Reader"

_asked(session, policy) := made if {
	given := testing.of(policy)
	made := request.by_person(session, "kms:Decrypt", testing.key, {}, {}) with input as given
}

_naming(principal) := testing.policy([testing.but(testing.reader, {"Principal": {"AWS": principal}})])

test_a_session_carries_its_role_where_the_policy_names_it if {
	_asked(_session, _naming(_role)).context["aws:PrincipalArn"] == _role
}

test_a_session_of_a_role_that_nobody_names_carries_an_unknown_role if {
	others := ["arn:aws:iam::111111111111:role/OtherReader", "arn:aws:iam::222222222222:role/Reader", testing.bob]
	made := _asked(_session, _naming(others))
	not "aws:PrincipalArn" in object.keys(made.context)
	"aws:*" in made.unknown
}

test_a_role_that_is_named_with_two_paths_is_not_known if {
	made := _asked(_session, _naming([_role, "arn:aws:iam::111111111111:role/Reader"]))
	not "aws:PrincipalArn" in object.keys(made.context)
}

test_a_session_has_the_identity_policies_of_its_role if {
	companion := {"Statement": []}
	expected := {"principals": {_role: {"identity_policies": {"read-logs": companion}}}}
	made := request.by_person(_session, "kms:Decrypt", testing.key, {}, {}) with data.expected as expected
	made.context["aws:PrincipalArn"] == _role
	made.identity_policies == [companion]
}
