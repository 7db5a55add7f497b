// The C arguments of one call, made from the function's row in the table: legal ones, or one fault among
// them.
#ifndef CAREPLUG_TESTS_RANDOM_ARGUMENTS_H
#define CAREPLUG_TESTS_RANDOM_ARGUMENTS_H

#include <careplug/host.h>

#include <array>
#include <deque>
#include <string>

#include "random_world.h"

struct RandomArguments {
    RandomArguments(const careplug::wire::Contract& row, RandomWorld& world, bool legal);
    RandomArguments(const RandomArguments&) = delete;
    RandomArguments& operator=(const RandomArguments&) = delete;

    std::vector<std::uint64_t> values;  // in the order of the declaration, after the first handle
    bool wrong = false;                 // an argument breaks the rules of base.h
    std::size_t handle_at = 0;          // where a second handle goes
    std::string script;                 // the first text

    careplug_handle created = 7;
    careplug_handle result = 7;
    careplug_handle problem = 7;
    bool asks_problem = false;
    std::array<std::uint64_t, 64> record{};

private:
    void add(careplug::wire::Parameter parameter);
    void add_text();
    void add_patients();
    void add_board();
    void add_record(std::uint32_t size);
    void add_out(careplug_handle& out);
    void push(const void* pointer);
    bool spoil();

    careplug::wire::Function function_;
    RandomWorld& world_;
    int faults_left_;
    std::uint64_t parameters_left_ = 0;
    std::int32_t integer_ = 0;
    std::int64_t wait_ = 0;
    careplug_offer offer_{};
    std::deque<std::string> texts_;
    std::vector<careplug_patient_key> keys_;
    std::vector<careplug_flags_record> flags_;
};

#endif
