package ctkms.documents.described_test

import data.ctkms.documents.described

_arn := "arn:aws:kms:us-east-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"

_replica := "arn:aws:kms:us-west-2:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"

test_a_policy_as_text_as_text_of_text_and_as_an_object if {
	described.key_policy(`{"Statement": []}`, ["Policy"], "its Policy") == {
		"policy": {"Statement": []},
		"problem": null,
		"unparsable": false,
		"place": {"path": ["Policy", null], "part": []},
	}
	described.key_policy(json.marshal(`{"Statement": []}`), ["Policy"], "its Policy") == {
		"policy": {"Statement": []},
		"problem": null,
		"unparsable": false,
		"place": {"path": ["Policy", null, null], "part": []},
	}
	described.key_policy({"Statement": []}, ["Policy"], "its Policy") == {
		"policy": {"Statement": []},
		"place": {"path": ["Policy"], "part": []},
	}
}

test_what_is_no_policy if {
	described.key_policy(`"half`, ["Policy"], "its Policy") == {
		"policy": null,
		"problem": "its Policy is not JSON",
		"unparsable": true,
		"place": {"path": ["Policy", null], "part": []},
	}
	every value in [null, 3, []] {
		described.key_policy(value, ["Policy"], "its Policy") == {
			"problem": "its Policy is neither text nor an object",
			"unparsable": true,
			"place": {"path": ["Policy"], "part": []},
		}
	}
}

test_the_metadata_of_a_key if {
	described.metadata({"KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT"}) == {
		"state": "Enabled",
		"spec": "SYMMETRIC_DEFAULT",
		"usage": "ENCRYPT_DECRYPT",
	}
	described.metadata({"CustomerMasterKeySpec": "RSA_2048", "KeyManager": "AWS", "Origin": "EXTERNAL"}) == {
		"spec": "RSA_2048",
		"manager": "AWS",
		"origin": "EXTERNAL",
	}
	described.metadata("nothing") == {}
}

test_the_replicas_of_a_multi_region_key if {
	described.metadata({"Arn": _arn, "MultiRegion": true, "MultiRegionConfiguration": {
		"PrimaryKey": {"Arn": _arn, "Region": "us-east-1"},
		"ReplicaKeys": [{"Arn": _replica, "Region": "us-west-2"}, {}],
	}}) == {"multi_region": true, "replicas": {_replica: {}}}
	described.metadata({"Arn": _arn, "MultiRegionConfiguration": {"PrimaryKey": {"Arn": _arn}}}) == {}
}

test_trails_and_stores if {
	described.trail({"IsOrganizationTrail": true, "LogFileValidationEnabled": false}) == {
		"organization": true,
		"log_file_validation": false,
	}
	described.trail({}) == {"organization": false}
	described.store({"OrganizationEnabled": true}) == {"organization": true}
	described.store({}) == {"organization": false}
}

test_the_bucket_that_a_trail_names if {
	described.bucket({"S3BucketName": "logs", "S3KeyPrefix": "audit"}) == {"name": "logs", "prefix": "audit"}
	described.bucket({"S3BucketName": "logs", "S3KeyPrefix": null}) == {"name": "logs", "prefix": ""}
	described.bucket({}) == {}
}

test_whether_a_bucket_uses_a_bucket_key if {
	described.bucket_key({"Rules": [{"BucketKeyEnabled": true}]}) == true
	described.bucket_key({"Rules": [{"BucketKeyEnabled": false}, {}]}) == false
	described.bucket_key({"Rules": []}) == false
	every open in [
		{}, null, {"Rules": "all"}, {"Rules": [{"BucketKeyEnabled": "maybe"}]}, {"Rules": ["x"]},
		{"ctkms:unknown": "later"},
	] {
		described.bucket_key(open) == {"ctkms:unknown": "whether the bucket uses an S3 Bucket Key"}
	}
}

test_the_fields_of_an_arn if {
	described.field(_arn, 4) == "111111111111"
	described.field("alias/logs", 4) == ""
	described.field(null, 4) == ""
}
