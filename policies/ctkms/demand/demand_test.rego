package ctkms.demand_test

import data.ctkms.demand

_uses(bucket) := {"trails": {"t": {"bucket": bucket}}, "stores": {"s": {}}}

test_what_is_required_is_an_error if {
	every capability in ["encrypt", "encrypt_account", "describe", "read", "use", "copy", "notify"] {
		demand.level(capability, "t", _uses(null)) == "error"
	}
	demand.level("decrypt_service", "s", _uses(null)) == "error"
	demand.level("decrypt_service", "elsewhere", _uses(null)) == "error"
}

test_decrypting_for_a_trail_is_required_where_the_bucket_has_a_key if {
	demand.level("decrypt_service", "t", _uses({"bucket_key": true})) == "error"
	demand.level("decrypt_service", "t", _uses({"name": "unsaid"})) == "error"
	demand.level("decrypt_service", "t", _uses({"bucket_key": false})) == "warning"
	demand.level("decrypt_service", "t", _uses(null)) == "warning"
	demand.level("decrypt_service", "arn:aws:cloudtrail:*:222222222222:trail/*", _uses(null)) == "warning"
}

test_describing_for_an_event_data_store_is_in_doubt if {
	demand.level("describe", "s", _uses(null)) == "warning"
}

test_administering_is_shown_only if {
	demand.level("administer", null, _uses(null)) == "note"
}

test_every_capability_has_a_level if {
	levels := {demand.level(capability, null, _uses(null)) | some capability in data.ctkms.demand.capabilities}
	levels == {"error", "note"}
}

test_capabilities_are_said_in_words if {
	demand.words("encrypt") == "encrypt"
	demand.words("decrypt_service") == "decrypt for it"
	every capability in data.ctkms.demand.capabilities {
		not contains(demand.words(capability), "_")
	}
}
