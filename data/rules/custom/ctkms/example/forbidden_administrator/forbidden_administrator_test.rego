package custom.ctkms.example.forbidden_administrator_test

import data.ctkms.api
import data.custom.ctkms.example.forbidden_administrator

key := "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"

policy(principal, actions) := {"Version": "2012-10-17", "Statement": [{
	"Sid": "Administer",
	"Effect": "Allow",
	"Principal": {"AWS": principal},
	"Action": actions,
	"Resource": "*",
}]}

test_passes_the_account_which_decides_by_its_iam_policies if {
	given := api.input_for(policy("arn:aws:iam::111111111111:root", "kms:*"), key)
	found := forbidden_administrator.findings with input as given
	found == set()
}

test_passes_actions_that_administer_nothing if {
	given := api.input_for(policy("arn:aws:iam::111111111111:user/Contractor", "kms:Describe*"), key)
	found := forbidden_administrator.findings with input as given
	found == set()
}

finding(verb, level, action) := {
	"rule": "EXAMPLE-FORBIDDEN-ADMINISTRATOR",
	"level": level,
	"msg": sprintf(
		"statement 1 (Administer) %v arn:aws:iam::111111111111:user/Contractor administer the key (%v)",
		[verb, action],
	),
	"statement": {"index": 0, "sid": "Administer"},
	"path": ["Statement", 0, "Principal"],
	"remediation": concat(" ", [
		"Take arn:aws:iam::111111111111:user/Contractor out of the statement,",
		"or deny it these actions",
	]),
}

test_fails_whom_the_key_policy_names if {
	given := api.input_for(policy("arn:aws:iam::111111111111:user/Contractor", "kms:*"), key)
	found := forbidden_administrator.findings with input as given
	found == {finding("lets", "error", action) | some action in ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"]}
}

test_cannot_tell_where_nobody_knows_the_key if {
	given := api.input_for(policy("arn:aws:iam::111111111111:root", "kms:PutKeyPolicy"), null)
	found := forbidden_administrator.findings with input as given
	found == {finding("may let", "warning", "kms:PutKeyPolicy")}
}
