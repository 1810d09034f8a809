package custom.ctkms.example.tagged_reader_test

import data.ctkms.api
import data.custom.ctkms.example.tagged_reader

key := "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"

trail := "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"

bob := "arn:aws:iam::111111111111:user/Bob"

policy(condition) := {"Version": "2012-10-17", "Statement": [{
	"Sid": "ReadLogs",
	"Effect": "Allow",
	"Principal": {"AWS": bob},
	"Action": "kms:Decrypt",
	"Resource": "*",
	"Condition": condition,
}]}

expectations(readers) := {"keys": {key: {}}, "trails": {trail: {"key": key, "readers": readers}}}

test_passes_with_the_tag if {
	given := api.input_for(policy({"StringEquals": {"aws:PrincipalTag/team": "audit"}}), key)
	expected := expectations({bob: {}})
	found := tagged_reader with input as given with data.expected as expected
	found.findings == set()
	found.not_evaluated == set()
}

test_fails_with_another_tag if {
	given := api.input_for(policy({"StringLike": {"aws:PrincipalTag/team": "a*"}}), key)
	expected := expectations({bob: {}})
	reader := bob
	subject := trail
	found := tagged_reader.findings with input as given with data.expected as expected
	found == {{
		"rule": "EXAMPLE-TAGGED-READER",
		"msg": sprintf("statement 1 (ReadLogs) lets %v read without the tag team=audit", [reader]),
		"subject": subject,
		"statement": {"index": 0, "sid": "ReadLogs"},
		"path": ["Statement", 0, "Condition"],
		"remediation": `Add "StringEquals": {"aws:PrincipalTag/team": "audit"} to the Condition of the statement`,
	}}
}

test_passes_what_the_account_decides if {
	statements := [object.union(policy({}).Statement[0], {"Principal": {"AWS": "arn:aws:iam::111111111111:root"}})]
	given := api.input_for({"Version": "2012-10-17", "Statement": statements}, key)
	expected := expectations({bob: {}})
	found := tagged_reader.findings with input as given with data.expected as expected
	found == set()
}

test_without_readers_it_says_so if {
	given := api.input_for(policy({}), key)
	expected := expectations({})
	found := tagged_reader with input as given with data.expected as expected
	found.findings == set()
	found.not_evaluated == {{
		"rule": "EXAMPLE-TAGGED-READER",
		"why": "the expectations name no reader of this key",
	}}
}
