package ctkms.kms.caller_test

import data.ctkms.kms.caller

_key := "arn:aws-cn:kms:cn-north-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"

_principals := [
	{"kind": "AWS", "value": "arn:aws:iam::222222222222:role/r"},
	{"kind": "AWS", "value": "333333333333"},
	{"kind": "AWS", "value": "*"},
	{"kind": "Service", "value": "444444444444"},
]

test_a_caller_of_the_keys_account if {
	request := caller.request("kms:PutKeyPolicy", _key, "111111111111")
	request.principal == "arn:aws-cn:iam::111111111111:user/ctkms-somebody"
	request.resource == _key
	request.context["kms:CallerAccount"] == "111111111111"
}

test_a_caller_where_nobody_says_which_key if {
	request := caller.request("kms:PutKeyPolicy", null, "111111111111")
	request.principal == "arn:aws:iam::111111111111:user/ctkms-somebody"
	is_object(request.resource)
}

test_the_account_of_the_key if caller.accounts(_key, _principals) == {"111111111111"}

test_the_accounts_that_the_policy_names if caller.accounts(null, _principals) == {"222222222222", "333333333333"}
