# METADATA
# title: The shape of expectations
# description: |
#   Which members data.expected may hold, of which type, as far as types tell. Written from the schema of the bridge
#   (ctkms_opa.expectation_schema) by `CTKMS_UPDATE=1 pytest tests/test_expectation_shape.py`, which holds it to that.
# custom:
#   library: true
package ctkms.expectations.shape

# METADATA
# description: |
#   The shape of data.expected. A shape has a kind: members (a map with members, of which required must be there),
#   entries (a map whose names are data; entry is the shape of each value), text (choices: where not empty, one of
#   them), flag, document (a policy), nothing.
expected := {
	"kind": "members",
	"what": "\"expected\"",
	"members": {
		"profile": {"kind": "text", "what": "documented or hardened", "choices": ["documented", "hardened"]},
		"organization": {
			"kind": "members",
			"what": "organization",
			"members": {
				"id": {"kind": "text", "what": "an organization id"},
				"management_account": {"kind": "text", "what": "an account id, 12 digits in quotes"},
				"delegated_administrators": {
					"kind": "entries",
					"by": "account ids",
					"entry": {"kind": "nothing"},
				},
			},
			"required": [],
		},
		"accounts": {
			"kind": "entries",
			"by": "account ids",
			"entry": {
				"kind": "members",
				"what": "an account",
				"members": {
					"name": {"kind": "text", "what": "text"},
				},
				"required": [],
			},
		},
		"keys": {
			"kind": "entries",
			"by": "key ARNs",
			"entry": {
				"kind": "members",
				"what": "a key",
				"members": {
					"policy": {"kind": "text", "what": "a pattern of file names"},
					"aliases": {
						"kind": "entries",
						"by": "alias names",
						"entry": {"kind": "nothing"},
					},
					"administrators": {
						"kind": "entries",
						"by": "the ARNs of users and roles",
						"entry": {"kind": "nothing"},
					},
					"encrypting_accounts": {
						"kind": "entries",
						"by": "account ids",
						"entry": {"kind": "nothing"},
					},
					"metadata": {
						"kind": "members",
						"what": "metadata",
						"members": {
							"state": {"kind": "text", "what": "a key state", "choices": ["Enabled", "Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion", "Unavailable", "Creating", "Updating"]},
							"spec": {"kind": "text", "what": "a key spec"},
							"usage": {"kind": "text", "what": "a key usage"},
							"multi_region": {"kind": "flag"},
							"region": {"kind": "text", "what": "a Region"},
							"replicas": {
								"kind": "entries",
								"by": "key ARNs",
								"entry": {"kind": "nothing"},
							},
							"manager": {"kind": "text", "what": "CUSTOMER or AWS", "choices": ["CUSTOMER", "AWS"]},
							"origin": {"kind": "text", "what": "the origin of the key material"},
						},
						"required": [],
					},
				},
				"required": [],
			},
		},
		"trails": {
			"kind": "entries",
			"by": "trail ARNs",
			"entry": {
				"kind": "members",
				"what": "a trail",
				"members": {
					"key": {"kind": "text", "what": "a key's ARN or an alias"},
					"organization": {"kind": "flag"},
					"log_file_validation": {"kind": "flag"},
					"bucket": {
						"kind": "members",
						"what": "a bucket",
						"members": {
							"name": {"kind": "text", "what": "a bucket's name"},
							"account": {"kind": "text", "what": "an account id, 12 digits in quotes"},
							"region": {"kind": "text", "what": "a Region"},
							"prefix": {"kind": "text", "what": "text"},
							"bucket_key": {"kind": "flag"},
						},
						"required": [],
					},
					"readers": {
						"kind": "entries",
						"by": "the ARNs of users and roles",
						"entry": {"kind": "nothing"},
					},
					"sns_key": {"kind": "text", "what": "a key's ARN or an alias"},
				},
				"required": [],
			},
		},
		"event_data_stores": {
			"kind": "entries",
			"by": "event data store ARNs",
			"entry": {
				"kind": "members",
				"what": "an event data store",
				"members": {
					"key": {"kind": "text", "what": "a key's ARN or an alias"},
					"organization": {"kind": "flag"},
					"users": {
						"kind": "entries",
						"by": "the ARNs of users and roles",
						"entry": {"kind": "nothing"},
					},
					"import_roles": {
						"kind": "entries",
						"by": "role ARNs",
						"entry": {
							"kind": "members",
							"what": "an import role",
							"members": {
								"bucket": {"kind": "text", "what": "a bucket's name"},
								"key": {"kind": "text", "what": "a key's ARN or an alias"},
							},
							"required": [],
						},
					},
				},
				"required": [],
			},
		},
		"principals": {
			"kind": "entries",
			"by": "the ARNs of users and roles",
			"entry": {
				"kind": "members",
				"what": "a principal",
				"members": {
					"identity_policies": {
						"kind": "entries",
						"by": "policy names",
						"entry": {"kind": "document"},
					},
					"trust_policy": {"kind": "document"},
					"assumed_by": {
						"kind": "entries",
						"by": "the ARNs of users and roles",
						"entry": {"kind": "nothing"},
					},
				},
				"required": [],
			},
		},
		"waivers": {
			"kind": "entries",
			"by": "names of your choice",
			"entry": {
				"kind": "members",
				"what": "a waiver",
				"members": {
					"rule": {"kind": "text", "what": "a rule id"},
					"key": {"kind": "text", "what": "a key's ARN or an alias, or how the report calls a key of a template"},
					"subject": {"kind": "text", "what": "the trail or event data store that a finding is about"},
					"statement": {"kind": "text", "what": "a statement's Sid"},
					"reason": {"kind": "text", "what": "text that says why"},
					"owner": {"kind": "text", "what": "text that says who answers for it"},
					"expires": {"kind": "text", "what": "a date, YYYY-MM-DD"},
				},
				"required": ["rule", "key", "reason", "owner", "expires"],
			},
		},
	},
	"required": [],
}
