package ctkms.cloudtrail.filling_test

import data.ctkms.cloudtrail.filling

test_text_without_wildcards_stays if {
	filling.text("trail/a") == "trail/a"
	filling.text("trail/*-?") == "trail/ctkms-stranger-x"
	filling.wild("a*")
	filling.wild("a?")
	not filling.wild("a")
}

test_an_account_field_that_asks_for_nothing_is_the_foreign_account if {
	filling.accounts("*", "999999999999", set()) == ["999999999999"]
}

test_an_account_field_that_asks_for_digits_gets_them if {
	filling.accounts("1*", "999999999999", set()) == ["199999999999"]
	filling.accounts("1*", "999999999999", {"199999999999"}) == ["188888888888"]
	filling.accounts("*1*2", "999999999999", set()) == ["999999999912"]
	filling.accounts("11111111111?", "999999999999", {"111111111119"}) == ["111111111118"]
	filling.accounts("1?*", "999999999999", set()) == ["199999999999"]
}

test_an_account_field_without_wildcards_is_itself if {
	filling.accounts("222222222222", "999999999999", {"222222222222"}) == ["222222222222"]
	filling.accounts("root", "999999999999", set()) == []
	filling.accounts("1111111111111*", "999999999999", set()) == []
	filling.accounts("a*", "999999999999", set()) == []
}
