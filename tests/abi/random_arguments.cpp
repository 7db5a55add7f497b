#include "random_arguments.h"

#include <cstring>

#include "loaded_library.h"

using careplug::wire::Function;
using careplug::wire::Parameter;

namespace {

std::uint32_t record_size(Function function) {
    switch (function) {
        case Function::open:
            return sizeof(careplug_answer);
        case Function::next_event:
            return sizeof(careplug_event);
        case Function::word:
            return sizeof(careplug_word_record);
        default:
            return sizeof(careplug_operation_record);
    }
}

// The greatest value of the set that starts at 1; 0: every value is legal.
std::int32_t greatest(Function function) {
    switch (function) {
        case Function::receipt:
            return CAREPLUG_RECEIPT_NOT_SHOWN;
        case Function::patient_open:
            return CAREPLUG_BASIS_SELF_CLAIMED;
        case Function::panel_validate:
        case Function::panel_submit:
            return CAREPLUG_INTENT_NOTE;
        case Function::panel_resolve:
            return CAREPLUG_KEEP_THEIRS;
        default:
            return 0;
    }
}

}  // namespace

RandomArguments::RandomArguments(const careplug::wire::Contract& row, RandomWorld& world, bool legal)
    : function_(row.function), world_(world), faults_left_(legal ? 0 : 1) {
    for (const Parameter parameter : row.parameters)
        if (parameter != Parameter::none) ++parameters_left_;
    for (const Parameter parameter : row.parameters) {
        if (parameter == Parameter::none) break;
        add(parameter);
        --parameters_left_;
    }
}

// Whether this parameter is the wrong one: one of those left, each as likely.
bool RandomArguments::spoil() {
    if (faults_left_ == 0 || world_.below(parameters_left_) != 0) return false;
    faults_left_ = 0;
    wrong = true;
    return true;
}

void RandomArguments::push(const void* pointer) {
    values.push_back(reinterpret_cast<std::uintptr_t>(pointer));
}

void RandomArguments::add_text() {
    if (spoil()) {
        static const std::vector<std::string> faults{"\xC3\x28", std::string("a\0b", 3), "\xED\xA0\x80", ""};
        const std::string& fault = world_.one_of(faults);
        texts_.push_back(fault);
        push(fault.empty() ? nullptr : texts_.back().data());
        values.push_back(fault.empty() ? 3 : fault.size());
        return;
    }
    static const std::vector<std::string> words{"hello", "Zo\xC3\xAB", "edit", "x"};
    texts_.push_back(script.empty() && function_ == Function::panel_update ? "hello" : world_.one_of(words));
    if (script.empty()) script = texts_.back();
    push(texts_.back().data());
    values.push_back(texts_.back().size());
}

void RandomArguments::add_patients() {
    keys_.assign(1 + static_cast<std::size_t>(world_.below(5)), patient_key());
    std::uint64_t stride = sizeof(careplug_patient_key);
    std::uint64_t count = keys_.size();
    const void* base = keys_.data();
    if (spoil()) switch (world_.below(5)) {
            case 0:
                base = nullptr;
                break;
            case 1:
                stride = world_.below(sizeof(careplug_patient_key));
                break;
            case 2:
                count = 100001 + world_.below(~std::uint64_t{0} - 100001);
                break;
            case 3:
                keys_.back().size = 8;
                break;
            default:
                keys_.back().nhs_number[0] = 0xFF;
        }
    push(base);
    values.push_back(stride);
    values.push_back(count);
}

void RandomArguments::add_board() {
    add_patients();
    const std::uint64_t count = values.back();
    values.pop_back();
    flags_.resize(keys_.size());
    push(flags_.data());
    values.push_back(sizeof(careplug_flags_record));
    values.push_back(count);
}

void RandomArguments::add_record(std::uint32_t size) {
    if (spoil()) {
        if (world_.percent(50)) return push(nullptr);
        size = static_cast<std::uint32_t>(world_.below(size));
    }
    std::memcpy(record.data(), &size, sizeof size);
    push(record.data());
}

void RandomArguments::add_out(careplug_handle& out) {
    push(spoil() ? nullptr : &out);
}

void RandomArguments::add(Parameter parameter) {
    switch (parameter) {
        case Parameter::integer: {
            const std::int32_t most = greatest(function_);
            integer_ =
                most == 0 ? 0 : 1 + static_cast<std::int32_t>(world_.below(static_cast<std::uint64_t>(most)));
            if (function_ == Function::word) integer_ = static_cast<std::int32_t>(world_.below(8));
            if (function_ != Function::word && spoil())
                integer_ = world_.one_of(std::vector<std::int32_t>{-1, 99, INT32_MAX, INT32_MIN});
            values.push_back(static_cast<std::uint64_t>(std::int64_t{integer_}));
            break;
        }
        case Parameter::handle:
            handle_at = values.size();
            values.push_back(0);
            break;
        case Parameter::text:
            add_text();
            break;
        case Parameter::patient:
            keys_.assign(1, patient_key());
            if (spoil()) keys_[0].size = 4;
            push(keys_.data());
            break;
        case Parameter::patients:
            add_patients();
            break;
        case Parameter::patients_and_records:
            add_board();
            break;
        case Parameter::result:
            add_out(result);
            break;
        case Parameter::created:
            add_out(created);
            break;
        case Parameter::problem:
            asks_problem = world_.percent(80);
            push(asks_problem ? &problem : nullptr);
            break;
        case Parameter::record_in:
            offer_ = {spoil() ? 4U : static_cast<std::uint32_t>(sizeof offer_), CAREPLUG_ABI_MAJOR,
                      CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
            push(&offer_);
            break;
        case Parameter::record_out:
            add_record(record_size(function_));
            break;
        case Parameter::integer_out:
            push(spoil() ? nullptr : &wait_);
            break;
        case Parameter::text_view:
            push(spoil() ? nullptr : &wait_);
            push(record.data());
            break;
        default:
            break;
    }
}
