package custom.ctkms.example.own_organization_test

import data.ctkms.api
import data.custom.ctkms.example.own_organization

key := "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"

trail := "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"

policy(condition) := {"Version": "2012-10-17", "Statement": [{
	"Sid": "ReadLogs",
	"Effect": "Allow",
	"Principal": {"AWS": "*"},
	"Action": "kms:Decrypt",
	"Resource": "*",
	"Condition": condition,
}]}

expectations(organization) := {"organization": organization, "keys": {key: {}}, "trails": {trail: {"key": key}}}

finding := {
	"rule": "EXAMPLE-OWN-ORGANIZATION",
	"msg": "statement 1 (ReadLogs) lets callers of other organizations than o-a1b2c3d4e5 in",
	"statement": {"index": 0, "sid": "ReadLogs"},
	"path": ["Statement", 0, "Principal"],
	"remediation": `Add "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"} to the Condition of the statement`,
}

test_passes_our_organization if {
	given := api.input_for(policy({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), key)
	expected := expectations({"id": "o-a1b2c3d4e5"})
	found := own_organization.findings with input as given with data.expected as expected
	found == set()
}

test_fails_everyone_within_the_encryption_context if {
	given := api.input_for(policy({"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}), key)
	expected := expectations({"id": "o-a1b2c3d4e5"})
	whole := finding
	found := own_organization.findings with input as given with data.expected as expected
	found == {whole}
}

test_fails_where_it_cannot_be_told if {
	given := api.input_for(policy({"StringEquals": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}), key)
	expected := expectations({"id": "o-a1b2c3d4e5"})
	whole := finding
	found := own_organization.findings with input as given with data.expected as expected
	found == {whole}
}

test_without_an_organization_it_says_so if {
	given := api.input_for(policy({}), key)
	expected := expectations({})
	found := own_organization with input as given with data.expected as expected
	found.findings == set()
	found.not_evaluated == {{
		"rule": "EXAMPLE-OWN-ORGANIZATION",
		"why": "the expectations do not name the organization",
	}}
}
