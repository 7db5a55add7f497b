// The exchange on HTTP.
#pragma once

#include <memory>
#include <string>

#include "events.h"
#include "service.h"
#include "settings.h"
#include "store.h"
#include "token_verifier.h"

namespace careplug::exchange {

class HttpServer {
public:
    // Listens when it is made. Throws StartProblem where the port is taken.
    HttpServer(const Settings& settings, Store& store, const DataSets& data_sets);
    ~HttpServer();

    const std::string& address() const;  // "http://127.0.0.1:8084/fhir"
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace careplug::exchange
