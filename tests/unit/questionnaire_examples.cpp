#include "questionnaire_examples.h"

namespace plan_test {

namespace {

const std::string sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";
const std::string hl7 = "http://hl7.org/fhir/StructureDefinition/";

std::string item(const std::string& members) {
    return R"({"linkId":"q","text":"Q",)" + members + "}";
}

std::string extended(const std::string& url, const std::string& value) {
    return item(R"("type":"string","extension":[{"url":")" + url + "\"," + value + "}]");
}

std::string expression(const std::string& name) {
    return extended(sdc + name, R"("valueExpression":{"language":"text/fhirpath","expression":"1"})");
}

std::string with_condition(const std::string& line, const std::string& more = "") {
    return item(R"("type":"string",)" + more + R"("enableWhen":[{"question":"other",)" + line + "}]");
}

std::string group(const std::string& child) {
    return item(R"("type":"group","repeats":true,"item":[)" + child + "]");
}

}  // namespace

const std::vector<QuestionnaireExample>& supported_examples() {
    static const std::vector<QuestionnaireExample> examples{
        {"`string`, `text`", item(R"("type":"text")"),
         "one line or many; `string` keeps no line break. Spaces at both ends are not kept"},
        {"`choice` with `answerOption`",
         item(R"("type":"choice","answerOption":[{"valueCoding":{"code":"a","display":"A"}}])"),
         "radio buttons, or a list from 7 options on. An answer with another code stays as it is"},
        {"`open-choice`", item(R"("type":"open-choice","answerOption":[{"valueString":"A"}])"),
         "a text with suggestions. A suggestion gives its code, other words a `valueString`"},
        {"`boolean`, `date`, `dateTime`, `integer`", item(R"("type":"dateTime")"), "one answer each"},
        {"`repeats` of a text or a choice", item(R"("type":"string","repeats":true)"),
         "one line or tick for each answer"},
        {"`group` below a section", item(R"("type":"group","item":[{"linkId":"a","type":"string"}])"),
         "its questions together; with `repeats` rows that are added, moved and removed"},
        {"`display`", item(R"("type":"display")"), "words between questions"},
        {"`required`, `readOnly`", item(R"("type":"string","required":true)"),
         "`required` holds at publish; within a row, whenever the row is there"},
        {"`enableWhen` with `exists`", with_condition(R"("operator":"exists","answerBoolean":true)"),
         "a question that is not asked any more keeps its answer in the draft, so that it comes back; "
         "publishing "
         "leaves it out, and says so before"},
        {"`enableWhen` with `=`, `!=`, `>`, `<`, `>=`, `<=`",
         with_condition(R"("operator":"=","answerString":"x")"), "with the types above"},
        {"`enableBehavior`",
         item(R"("type":"string","enableBehavior":"any","enableWhen":[)"
              R"({"question":"other","operator":"=","answerString":"x"},)"
              R"({"question":"other","operator":"=","answerString":"y"}])"),
         "`all` or `any`, and required where there are several conditions"},
        {"`initial`, one", item(R"("type":"string","initial":[{"valueString":"x"}])"),
         "`valueCoding` of an option, or `true` and `false`; other first answers come from the record"},
        {"`initialSelected`, one",
         item(R"("type":"choice","answerOption":[{"valueString":"a","initialSelected":true}])"),
         "the first answer, which a person may change"},
        {"`minValue`, `maxValue`",
         item(R"("type":"integer","extension":[{"url":")" + hl7 + R"(minValue","valueInteger":1}])"),
         "whole numbers"},
        {"`questionnaire-hidden`",
         item(R"("type":"string","extension":[{"url":")" + hl7 +
              R"(questionnaire-hidden","valueBoolean":true}])"),
         "not asked; an answer that is there stays"},
        {"extensions not named below", extended("urn:example:looks", R"("valueString":"wide")"),
         "ignored, as FHIR allows: they do not change what is asked"}};
    return examples;
}

const std::vector<QuestionnaireExample>& refused_examples() {
    static const std::vector<QuestionnaireExample> examples{
        {"`decimal`", item(R"("type":"decimal")"), ""},
        {"`time`", item(R"("type":"time")"), ""},
        {"`url`", item(R"("type":"url")"), ""},
        {"`attachment`", item(R"("type":"attachment")"), ""},
        {"`reference`", item(R"("type":"reference")"), ""},
        {"`quantity`", item(R"("type":"quantity")"), ""},
        {"`question`, or a type to come", item(R"("type":"question")"), ""},
        {"`answerValueSet`", item(R"("type":"choice","answerValueSet":"urn:example:set")"), ""},
        {"`answerValueSet` of an `open-choice`",
         item(R"("type":"open-choice","answerValueSet":"urn:example:set")"), ""},
        {"options that are no codings or strings",
         item(R"("type":"choice","answerOption":[{"valueInteger":1}])"), ""},
        {"several `initialSelected`",
         item(R"("type":"choice","repeats":true,"answerOption":[{"valueString":"a","initialSelected":true},)"
              R"({"valueString":"b","initialSelected":true}])"),
         ""},
        {"`maxLength`", item(R"("type":"text","maxLength":500)"), ""},
        {"several `initial`",
         item(R"("type":"string","repeats":true,"initial":[{"valueString":"a"},{"valueString":"b"}])"), ""},
        {"`repeats` of a date, number or yes and no", item(R"("type":"date","repeats":true)"), ""},
        {"a question below a question",
         item(R"("type":"string","item":[{"linkId":"below","type":"string"}])"), ""},
        {"a group within a group",
         group(R"({"linkId":"inner","type":"group","item":[{"linkId":"below","type":"string"}]})"), ""},
        {"a hidden question in a group",
         group(R"({"linkId":"inner","type":"string","extension":[{"url":")" + hl7 +
               R"(questionnaire-hidden","valueBoolean":true}]})"),
         ""},
        {"a read-only question in a group", group(R"({"linkId":"inner","type":"string","readOnly":true})"),
         ""},
        {"an empty group", item(R"("type":"group")"), ""},
        {"an unknown operator", with_condition(R"("operator":"~","answerString":"x")"), ""},
        {"a condition on no question of the form",
         item(R"("type":"string","enableWhen":[{"question":"none","operator":"=","answerString":"x"}])"), ""},
        {"a condition without an answer", with_condition(R"("operator":"=")"), ""},
        {"a condition on a quantity",
         with_condition(R"("operator":">","answerQuantity":{"value":1,"code":"kg"})"), ""},
        {"a condition on a decimal", with_condition(R"("operator":">","answerDecimal":1.5)"), ""},
        {"several conditions without `enableBehavior`",
         item(R"("type":"string","enableWhen":[{"question":"other","operator":"=","answerString":"x"},)"
              R"({"question":"other","operator":"=","answerString":"y"}])"),
         ""},
        {"`calculatedExpression`", expression("calculatedExpression"), ""},
        {"`initialExpression`", expression("initialExpression"), ""},
        {"`enableWhenExpression`", expression("enableWhenExpression"), ""},
        {"`answerExpression`", expression("answerExpression"), ""},
        {"`questionnaire-constraint`", extended(hl7 + "questionnaire-constraint", R"("valueString":"x")"),
         ""},
        {"`regex`", extended(hl7 + "regex", R"("valueString":"x")"), ""},
        {"`minOccurs`, `maxOccurs`", extended(hl7 + "questionnaire-maxOccurs", R"("valueInteger":2)"), ""},
        {"`questionnaire-unit`", extended(hl7 + "questionnaire-unit", R"("valueCoding":{"code":"kg"})"), ""},
        {"a limit that is no whole number", extended(hl7 + "maxValue", R"("valueDate":"2026-11-22")"), ""},
        {"`modifierExtension` of an item",
         item(R"("type":"string","modifierExtension":[{"url":"urn:example:not","valueBoolean":true}])"), ""},
        {"`modifierExtension` of an option",
         item(R"("type":"choice","answerOption":[{"valueString":"a",)"
              R"("modifierExtension":[{"url":"urn:example:not","valueBoolean":true}]}])"),
         ""},
        {"`modifierExtension` of the Questionnaire",
         R"("modifierExtension":[{"url":"urn:example:not","valueBoolean":true}])", ""},
        {"`implicitRules`", R"("implicitRules":"urn:example:rules")", ""}};
    return examples;
}

std::string questionnaire_with(const QuestionnaireExample& example) {
    const bool is_item = example.json.starts_with("{");
    return R"({"resourceType":"Questionnaire","url":"urn:example:form","title":"Example",)" +
           (is_item ? "" : example.json + ",") +
           R"("item":[{"linkId":"s","type":"group","text":"S","item":[)" +
           R"({"linkId":"other","type":"string","text":"Other"})" + (is_item ? "," + example.json : "") +
           "]}]}";
}

}  // namespace plan_test
