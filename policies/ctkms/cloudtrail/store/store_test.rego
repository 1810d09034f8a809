package ctkms.cloudtrail.store_test

import data.ctkms.cloudtrail.store
import data.ctkms.testing_test as testing

_role := "arn:aws:iam::111111111111:role/CopyRole"

_tried(entry) := [[probe.capability, probe.principal, probe.request.action] |
	some probe in store.probes(testing.store, entry, testing.key)
]

test_what_a_store_asks_for if {
	_tried({"users": {testing.bob: {}}}) == [
		["encrypt", "cloudtrail.amazonaws.com", "kms:GenerateDataKey"],
		["decrypt_service", "cloudtrail.amazonaws.com", "kms:Decrypt"],
		["describe", "cloudtrail.amazonaws.com", "kms:DescribeKey"],
		["use", testing.bob, "kms:Decrypt"],
		["use", testing.bob, "kms:GenerateDataKey"],
	]
}

test_no_source_and_no_encryption_context if {
	every probe in store.probes(testing.store, {}, testing.key) {
		"aws:SourceArn" in probe.request.absent
		object.keys(probe.request.context) == {
			"aws:PrincipalIsAWSService",
			"aws:PrincipalServiceName",
			"aws:PrincipalServiceNamesList",
			"aws:SecureTransport",
			"aws:ResourceAccount",
			"kms:MultiRegion",
		}
	}
}

test_a_probe_says_what_it_is if {
	probe := store.probes(testing.store, {"users": {testing.bob: {}}}, testing.key)[3]
	object.remove(probe, ["request"]) == {
		"id": sprintf("%v use %v kms:Decrypt", [testing.store, testing.bob]),
		"capability": "use",
		"subject": testing.store,
		"principal": testing.bob,
		"expect": "allow",
		"what": sprintf("%v asks kms:Decrypt to query event data store %v", [testing.bob, testing.store]),
	}
}

test_a_copy_role_carries_the_store_as_source if {
	probes := store.copies(testing.store, {_role: {"bucket": "example-logs"}}, testing.key)
	[[probe.capability, probe.request.action] | some probe in probes] == [
		["copy", "kms:Decrypt"],
		["copy", "kms:GenerateDataKey"],
	]
	context := probes[0].request.context
	context["aws:SourceArn"] == testing.store
	context["aws:SourceAccount"] == "111111111111"
	context["kms:EncryptionContext:aws:s3:arn"] == "arn:aws:s3:::example-logs/AWSLogs/"
	probes[0].request.absent == []
}

test_a_copy_role_without_a_bucket if {
	probes := store.copies(testing.store, {_role: {}}, testing.key)
	probes[0].request.context["kms:EncryptionContext:aws:s3:arn"] == {
		"ctkms:unknown": "the expectations do not name the bucket that is copied",
	}
}
