package ctkms.documents.terraform.location_test

import data.ctkms.documents.terraform.location
import data.ctkms.documents.terraform.reference

_one(type, name, mode, values) := {
	"address": sprintf("%v.%v", [type, name]),
	"module": "",
	"mode": mode,
	"type": type,
	"name": name,
	"index": null,
	"values": values,
	"unknown": {},
	"complete": true,
}

_trail := _one("aws_cloudtrail", "this", "managed", {})

_identity(account) := _one("aws_caller_identity", "current", "data", {"account_id": account})

_region(values) := _one("aws_region", "current", "data", values)

_block(one, provider) := {"mode": one.mode, "type": one.type, "name": one.name, "provider_config_key": provider}

# A plan with a trail; resources and sources as [resource, provider].
_plan(resources, sources, more) := object.union(
	{
		"resources": [one | some [one, _] in resources],
		"sources": [one | some [one, _] in sources],
		"providers": {"aws": {"name": "aws"}, "aws.other": {"name": "aws"}},
		"variables": {},
		"deployment": {},
		"modules": reference.modules({"root_module": {"resources": array.concat(
			[_block(_trail, "aws")],
			[_block(one, provider) | some [one, provider] in array.concat(resources, sources)],
		)}}),
	},
	more,
)

_key(arn) := _one("aws_kms_key", "this", "managed", {"arn": arn})

test_what_the_data_sources_of_the_same_provider_say if {
	partition := _one("aws_partition", "current", "data", {"partition": "aws-cn"})
	region := _region({"name": "cn-north-1"})
	plan := _plan([], [[_identity("111111111111"), "aws"], [region, "aws"], [partition, "aws"]], {})
	location.account(_trail, plan) == "111111111111"
	location.region(_trail, plan) == "cn-north-1"
	location.partition(_trail, plan) == "aws-cn"
}

test_what_another_provider_says_is_nothing if {
	plan := _plan([], [[_identity("111111111111"), "aws.other"]], {})
	location.account(_trail, plan) == ""
	location.region(_trail, plan) == ""
	location.partition(_trail, plan) == ""
}

test_what_the_arns_of_others_say if {
	arn := "arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/a"
	plan := _plan([[_key(arn), "aws"]], [], {})
	location.account(_trail, plan) == "111111111111"
	location.region(_trail, plan) == "us-gov-west-1"
	location.partition(_trail, plan) == "aws-us-gov"
}

test_the_arn_of_a_trail_may_have_another_account if {
	trail := _one("aws_cloudtrail", "other", "managed", {"arn": "arn:aws:cloudtrail:us-east-1:999999999999:trail/a"})
	location.account(_trail, _plan([[trail, "aws"]], [], {})) == ""
}

test_resources_of_one_account_and_region if {
	plan := _plan([], [], {})
	location.beside(_trail, _trail, plan)
	key := _key("arn:aws:kms:us-east-1:111111111111:key/a")
	location.beside(key, _one("aws_sns_topic", "a", "managed", {"arn": "arn:aws:sns:us-east-1:111111111111:a"}), plan)
	not location.beside(key, _one("aws_sns_topic", "a", "managed", {"arn": "arn:aws:sns:us-east-2:111111111111:a"}), plan)
	not location.beside(key, _one("aws_sns_topic", "a", "managed", {}), plan)
}

test_who_says_several_things_says_nothing if {
	plan := _plan([[_key("arn:aws:kms:us-east-1:222222222222:key/a"), "aws"]], [[_identity("111111111111"), "aws"]], {})
	location.account(_trail, plan) == ""
}

_configured(expression, variables) := object.union(
	_plan([], [], {"variables": variables}),
	{"providers": {"aws": {"name": "aws", "expressions": {"region": expression}}}},
)

test_the_region_of_the_resource_and_of_its_provider if {
	own := _one("aws_cloudtrail", "this", "managed", {"region": "eu-west-1"})
	location.region(own, _configured({"constant_value": "us-east-1"}, {})) == "eu-west-1"
	location.region(_trail, _configured({"constant_value": "us-east-1"}, {})) == "us-east-1"
	location.region(_trail, _configured({"references": ["var.r"]}, {"r": {"value": "us-east-2"}})) == "us-east-2"
	location.region(_trail, _configured({"references": ["var.r"]}, {"r": {"value": "us-east"}})) == ""
	location.region(_trail, _configured({"references": ["var.r", "var.s"]}, {"r": {"value": "us-east-2"}})) == ""
	location.region(_trail, _configured({}, {})) == ""
	inside := {"providers": {"aws": {
		"module_address": "module.a",
		"expressions": {"region": {"constant_value": "us-east-1"}},
	}}}
	location.region(_trail, object.union(_plan([], [], {}), inside)) == ""
}

test_the_partition_of_a_region if {
	every region, partition in {
		"us-east-1": "aws",
		"cn-north-1": "aws-cn",
		"us-gov-east-1": "aws-us-gov",
		"eusc-de-east-1": "aws-eusc",
	} {
		location.partition(_one("aws_cloudtrail", "this", "managed", {"region": region}), _plan([], [], {})) == partition
	}
}

test_the_only_provider_is_the_one_of_all if {
	more := {"providers": {"aws": {"name": "aws"}, "random": {"name": "random"}}}
	plan := object.union(object.remove(_plan([], [[_identity("111111111111"), "module.a:aws"]], {}), ["providers"]), more)
	location.account(_trail, plan) == "111111111111"
	location.account(_trail, object.union(object.remove(plan, ["providers"]), {"providers": {}})) == ""
}

_given := {
	"providers": {"aws": {"name": "aws"}},
	"deployment": {"account": "111111111111", "region": "eu-west-1", "partition": "aws"},
}

# A plan with one provider, and what the user says of the deployment.
_told(sources, more) := object.union_n([
	object.remove(_plan([], sources, {}), ["providers"]),
	_given,
	more,
])

test_what_the_user_says_where_the_plan_says_nothing if {
	plan := _told([], {})
	location.account(_trail, plan) == "111111111111"
	location.region(_trail, plan) == "eu-west-1"
	location.partition(_trail, plan) == "aws"
	location.partition(_trail, _told([], {"deployment": {"region": ""}})) == "aws"
	location.contradictions(_trail, plan) == []
}

test_what_the_plan_says_wins if {
	plan := _told([[_identity("222222222222"), "aws"]], {})
	location.account(_trail, plan) == "222222222222"
	location.contradictions(_trail, plan) == [concat(" ", [
		"in which account aws_cloudtrail.this will be:",
		"the plan says 222222222222, and 111111111111 was given",
	])]
	key := _key("arn:aws:kms:us-east-1:333333333333:key/a")
	count(location.contradictions(key, _told([], {}))) == 2
}

test_of_several_providers_the_user_says_nothing if {
	plan := _told([], {"providers": {"aws.other": {"name": "aws"}}})
	location.account(_trail, plan) == ""
	location.contradictions(_key("arn:aws:kms:us-east-1:333333333333:key/a"), plan) == []
}
