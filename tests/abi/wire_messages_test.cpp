#include <careplug/wire/flag_table.h>
#include <careplug/wire/messages.h>
#include <careplug/wire/records.h>

#include <catch2/catch.hpp>
#include <random>

using namespace careplug::wire;

namespace {

template <class Decode>
void no_part_decodes(const Bytes& bytes, Decode decode) {
    for (std::size_t length = 0; length < bytes.size(); ++length)
        CHECK_FALSE(decode(View(bytes).first(length)));
}

template <class Decode>
void nothing_else_decodes(Bytes bytes, Decode decode) {
    no_part_decodes(bytes, decode);
    bytes.push_back(0);
    CHECK_FALSE(decode(bytes));
}

Bytes of_a_later_release(Bytes bytes) {
    bytes.insert(bytes.end(), {4, 0, 0, 0, 'm', 'o', 'r', 'e'});
    return bytes;
}

}  // namespace

TEST_CASE("hello and its answer survive the round trip") {
    Hello hello;
    hello.host_name = "Alder 4.2";
    hello.settings = "/etc/careplug/settings.json";
    hello.restarts = 3;
    hello.upgrades = 2;
    hello.upgrade = true;
    hello.kinds = {"gp", "ae"};
    const auto back = decode_hello(encode(hello));
    REQUIRE(back);
    CHECK(back->version == Version{CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE});
    CHECK(back->host_name == hello.host_name);
    CHECK(back->settings == hello.settings);
    CHECK(back->restarts == 3);
    CHECK(back->upgrades == 2);
    CHECK(back->upgrade);
    CHECK(back->kinds == hello.kinds);
    no_part_decodes(encode(hello), decode_hello);

    const HelloAnswer refused{CAREPLUG_REFUSED_STORAGE, "The folder cannot be written.", "EACCES"};
    const auto answer = decode_hello_answer(encode(refused));
    REQUIRE(answer);
    CHECK(answer->status == CAREPLUG_REFUSED_STORAGE);
    CHECK(answer->sentence == refused.sentence);
    no_part_decodes(encode(refused), decode_hello_answer);
}

TEST_CASE("a longer hello or answer of a later release is understood as far as it is known") {
    Hello hello;
    hello.version = {1, 7, 0};
    const auto later = decode_hello(of_a_later_release(encode(hello)));
    REQUIRE(later);
    CHECK(words(later->version) == "1.7");
    const HelloAnswer refused{CAREPLUG_REFUSED_VERSION, "Install both of one release.", ""};
    const auto answer = decode_hello_answer(of_a_later_release(encode(refused)));
    REQUIRE(answer);
    CHECK(answer->sentence == refused.sentence);
}

TEST_CASE("a reply tells an empty result from none") {
    Reply reply;
    reply.status = CAREPLUG_REFUSED_INVALID;
    reply.created = 9;
    reply.problem = "Missing.";
    CHECK_FALSE(decode_reply(encode(reply))->result);
    reply.result = "";
    const auto back = decode_reply(encode(reply));
    REQUIRE(back);
    CHECK(back->result == "");
    CHECK(back->created == 9);
    CHECK(back->problem == "Missing.");
    nothing_else_decodes(encode(reply), decode_reply);
}

TEST_CASE("events and operations survive the round trip") {
    Event event;
    event.kind = CAREPLUG_EVENT_REQUEST;
    event.subject = 12;
    event.body = R"({"request": "identity"})";
    event.generation = 3;
    event.time = -1;
    const auto back = decode_event(encode(event));
    REQUIRE(back);
    CHECK(back->body == event.body);
    CHECK(back->time == -1);
    nothing_else_decodes(encode(event), decode_event);

    OperationState state;
    state.operation = 8;
    state.record.state = CAREPLUG_OPERATION_DONE;
    state.record.revision = 11;
    CHECK(decode_operation(encode(state))->record.revision == 11);
    nothing_else_decodes(encode(state), decode_operation);
}

TEST_CASE("what is told of a flag table survives the round trip, and none of another size is taken") {
    Table table;
    table.generation = 15;
    table.rows = least_rows;
    table.key = {~std::uint64_t{0}, 7};
    const auto back = decode_table(encode(table));
    REQUIRE(back);
    CHECK(back->generation == 15);
    CHECK(back->key == table.key);
    nothing_else_decodes(encode(table), decode_table);
    for (const std::uint32_t rows : {0U, 1U, least_rows - 1, least_rows + 1, most_rows * 2, ~0U}) {
        table.rows = rows;
        CHECK_FALSE(decode_table(encode(table)));
    }
    table.rows = most_rows;
    table.generation = 16;
    CHECK_FALSE(decode_table(encode(table)));
}

TEST_CASE("a record of an older side has its missing fields zero, one of a newer side is cut") {
    Writer shorter;
    shorter.u32(4);
    shorter.i32(CAREPLUG_OPERATION_DONE);
    Writer longer;
    longer.u32(20);
    for (int i = 1; i <= 5; ++i) longer.i32(i);
    careplug_operation_record record{};
    const Bytes few = shorter.take();
    Reader first(few);
    read(first, record);
    CHECK(first.finished());
    CHECK(record.state == CAREPLUG_OPERATION_DONE);
    CHECK(record.revision == 0);
    const Bytes many = longer.take();
    Reader second(many);
    read(second, record);
    CHECK(second.finished());
    CHECK(record.revision == 3);
    CHECK(record.size == sizeof record);
}

TEST_CASE("noise never decodes into something that was not there, and never crashes") {
    std::mt19937 random(20261121);
    for (int i = 0; i < 20000; ++i) {
        Bytes noise(random() % 200);
        for (auto& byte : noise) byte = static_cast<std::uint8_t>(random() % (i % 3 == 0 ? 4 : 256));
        decode_hello(noise);
        decode_hello_answer(noise);
        decode_reply(noise);
        decode_event(noise);
        decode_operation(noise);
        if (const auto table = decode_table(noise)) CHECK(valid_rows(table->rows));
    }
}

TEST_CASE("text is UTF-8 as the standard allows it") {
    CHECK(valid_text(""));
    CHECK(valid_text("Zo\xC3\xAB \xF0\x9F\x92\x8A"));
    for (const char* wrong : {"\x80", "\xC0\xAF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8",
                              "a\xC3", "\xE2\x82", "\xF0\x8F\xBF\xBF"})
        CHECK_FALSE(valid_text(wrong));
    CHECK_FALSE(valid_text(std::string_view("\0", 1)));
}
