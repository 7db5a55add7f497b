#include <careplug/base.h>

#include <careplug/plan/fhir.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"

using namespace plan_test;

TEST_CASE("The urgent care plan holds what its data set counts") {
    const DataSet& set = urgent_care_plan();
    CHECK(set.url == "urn:x-local:careplug:Questionnaire:urgent-care-plan");
    CHECK(set.canonical() == set.url + "|1.0.0");
    CHECK(set.unsupported.empty());
    CHECK(set.plan_type.code == "887701000000100");
    CHECK(set.sections.size() + contact_form().sections.size() == 15);
    const auto fields = set.fields();
    CHECK(fields.size() + set.header_fields.size() + contact_form().fields().size() == 109);
    const auto required_fields =
        std::count_if(fields.begin(), fields.end(), [](const Field* field) { return field->required; }) +
        std::count_if(set.header_fields.begin(), set.header_fields.end(),
                      [](const HeaderField& field) { return field.required; });
    CHECK(required_fields == 28);
    const auto critical = std::count_if(fields.begin(), fields.end(),
                                        [](const Field* field) { return field->safety_critical; }) +
                          std::count_if(set.header_fields.begin(), set.header_fields.end(),
                                        [](const HeaderField& field) { return field.safety_critical; });
    CHECK(critical == 61);
    CHECK(std::count_if(fields.begin(), fields.end(), [](const Field* field) { return field->core; }) == 41);
    CHECK(std::count_if(fields.begin(), fields.end(), [](const Field* field) {
              return field->core && field->entry.empty() && field->enable_when.empty();
          }) == 20);
    CHECK(set.flags.size() == 23);
    CHECK(set.lint.size() == 8);
    CHECK(set.summaries.size() == 6);
    CHECK(set.freshness.no_plan_ms == 120000);
    CHECK(set.freshness.plan_ms == 900000);
}

TEST_CASE("Every question has what the form needs") {
    for (const Field* field : urgent_care_plan().fields()) {
        INFO(field->link_id);
        CHECK_FALSE(field->text.empty());
        CHECK_FALSE(field->merge_unit.empty());
        CHECK_FALSE(field->shown_in.empty());
        CHECK_FALSE(field->may_edit.empty());
        if (field->type == ItemType::choice) CHECK_FALSE(field->options.empty());
        if (field->type == ItemType::group && field->repeats) CHECK(field->has_row_id);
        for (const Field& child : field->items) {
            INFO(child.link_id);
            CHECK(child.shown_in == field->shown_in);
            CHECK(child.may_edit == field->may_edit);
            CHECK(child.merge_unit == field->merge_unit);
            CHECK(child.safety_critical == field->safety_critical);
        }
    }
}

TEST_CASE("Every question of a first screen has a label that fits a narrow column") {
    const DataSet& set = urgent_care_plan();
    for (const auto& [view, link_ids] : set.summaries) {
        for (const auto& link_id : link_ids) {
            const Field* field = set.find(link_id);
            if (field == nullptr) continue;
            INFO(view << ": " << link_id);
            CHECK_FALSE(field->short_text.empty());
            CHECK(field->label().size() <= 18);
        }
    }
}

TEST_CASE("Questions are found by link id, with their field and section") {
    const DataSet& set = urgent_care_plan();
    REQUIRE(set.find("med.devices.icd") != nullptr);
    CHECK(set.field_of("med.devices.icd")->link_id == "med.devices");
    CHECK(set.field_of("med.devices.$row")->link_id == "med.devices");
    CHECK(set.section_of("med.devices.icd")->link_id == "med");
    CHECK(set.find("no.such") == nullptr);
    CHECK(set.field_of("no.such") == nullptr);
    CHECK(set.find("tep.level")->options.at(2).short_display == "home first");
    CHECK(set.find("com.function")->step == 10);
    CHECK(set.find("tep.scale")->maximum == 100);
    CHECK(set.find("dem.keysafe")->sensitive == "mask");
    CHECK(set.find("cpr.date")->partial_date);
    CHECK(set.find("dem.phone")->is_phone);
    CHECK(set.find("con.status")->publish_codes.size() == 4);
    CHECK(set.find("dem.family")->read_only);
    CHECK(contact_form().find("evt.note")->append_only);
}

TEST_CASE("The summary holds what flags look at and whose plan it is, and nothing masked in clear") {
    const auto fields = urgent_care_plan().summary_fields();
    const auto has = [&](const char* link_id) {
        return std::find(fields.begin(), fields.end(), link_id) != fields.end();
    };
    for (const char* link_id :
         {"cpr.decision", "cpr.by", "cpr.where", "leg.attorney", "med.devices", "risk.staff", "meta.review",
          "dem.nhs", "dem.dob", "dem.family", "con.date", "end.date"})
        CHECK(has(link_id));
    CHECK_FALSE(has("dem.keysafe"));
    CHECK_FALSE(has("risk.safeguard"));
    Answers answers = complete_answers();
    answers.set("risk.staff", std::string("Dog bites"));
    const std::string summary =
        fhir::write_items(urgent_care_plan(), fhir::summary_of(urgent_care_plan(), answers)).dump();
    CHECK(summary.find("Dog bites") == std::string::npos);
    CHECK(summary.find("risk.staff") != std::string::npos);
    CHECK(summary.find("recorded") != std::string::npos);
}

TEST_CASE("A Questionnaire that cannot be used is refused with a sentence") {
    const auto refused = [](const std::string& json) {
        try {
            read_data_set(json);
        } catch (const std::invalid_argument& problem) {
            return std::string(problem.what());
        }
        return std::string();
    };
    const auto with_item = [](const std::string& item) {
        return R"({"resourceType":"Questionnaire","url":"urn:x","item":[)" + item + "]}";
    };
    CHECK(refused("{").find("not JSON") != std::string::npos);
    CHECK(refused("[]").find("resourceType") != std::string::npos);
    CHECK(refused(R"({"resourceType":"Patient"})").find("Questionnaire") != std::string::npos);
    CHECK(refused(R"({"resourceType":"Questionnaire"})").find("url") != std::string::npos);
    CHECK(refused(R"({"resourceType":"Questionnaire","url":"urn:x"})").find("no item") != std::string::npos);
    CHECK(refused(with_item(R"({"type":"string"})")).find("linkId") != std::string::npos);
    CHECK(refused(with_item(R"({"linkId":"a","type":"string"},{"linkId":"a","type":"string"})"))
              .find("twice") != std::string::npos);
    CHECK(
        refused(
            with_item(
                R"({"linkId":"a","type":"string","enableWhen":[{"question":"b","operator":"=","answerString":"x"}]})"))
            .find("\"b\"") != std::string::npos);
    CHECK(
        refused(
            with_item(
                R"({"linkId":"a","type":"string","enableWhen":[{"question":"a","operator":"~","answerString":"x"}]})"))
            .find("operator") != std::string::npos);
    CHECK(
        refused(
            R"({"resourceType":"Questionnaire","url":"urn:x","item":[{"linkId":"a","type":"string"}],"extension":[{"url":"urn:x-local:careplug:flag","extension":[{"url":"id","valueCode":"f"},{"url":"slot","valueCode":"nowhere"}]}]})")
            .find("slot") != std::string::npos);
    CHECK(
        refused(
            R"({"resourceType":"Questionnaire","url":"urn:x","item":[{"linkId":"a","type":"string"}],"extension":[{"url":"urn:x-local:careplug:flag","extension":[{"url":"id","valueCode":"f"},{"url":"slot","valueCode":"cpr"},{"url":"short","valueString":"s"},{"url":"long","valueString":"l"}]}]})")
            .find("rule") != std::string::npos);
}

TEST_CASE("Items outside the subset are named, so that the form is refused visibly") {
    const DataSet set = read_data_set(R"({"resourceType":"Questionnaire","url":"urn:x","item":[
        {"linkId":"s","type":"group","item":[{"linkId":"q","type":"quantity"},{"linkId":"t","type":"string"}]}]})");
    REQUIRE(set.unsupported.size() == 1);
    CHECK(set.unsupported.front().find("q: ") == 0);
    CHECK(set.find("t")->unsupported.empty());
}

TEST_CASE("JSON is read within limits") {
    const auto refused = [](const std::string& json) {
        try {
            fhir::parse(json);
        } catch (const std::invalid_argument& problem) {
            return std::string(problem.what());
        }
        return std::string();
    };
    CHECK(refused(R"({"a":1,"b":[true,null,"x"]})").empty());
    CHECK_FALSE(refused("").empty());
    CHECK_FALSE(refused("{\"a\":1").empty());
    CHECK_FALSE(refused("{\"a\":1} x").empty());
    CHECK(refused(R"({"a":{"b":1,"c":2,"b":3}})").find("twice") != std::string::npos);
    CHECK(refused(R"([{"a":1},{"a":2}])").empty());
    CHECK(refused(std::string(64, '[') + std::string(64, ']')).empty());
    CHECK(refused(std::string(65, '[') + std::string(65, ']')).find("64") != std::string::npos);
    CHECK(refused(std::string(5000000, '[')).find("64") != std::string::npos);
    CHECK(refused("\"\xC3\x28\"").find("UTF-8") != std::string::npos);
    CHECK(refused("\"\xED\xA0\x80\"").find("UTF-8") != std::string::npos);
    CHECK(refused(R"({"a":"x\u0000y"})").find("U+0000") != std::string::npos);
    CHECK(refused("1e999").find("out of range") != std::string::npos);
    CHECK(refused("\"" + std::string(17 * 1024 * 1024, 'x') + "\"").find("16 MB") != std::string::npos);
    // A message never quotes what it read: it may be a person's.
    CHECK(refused(R"({"name":"Nkemelu",})").find("Nkemelu") == std::string::npos);
}
