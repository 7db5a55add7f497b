// A request and its answer, apart from any HTTP library: the entries of a batch are requests too.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "search_query.h"
#include "store.h"

namespace careplug::exchange {

struct Request {
    std::string method;
    std::vector<std::string> path;  // after /fhir, decoded: "CarePlan", "id", "_history", "2"
    std::string query;              // as sent, not decoded
    std::string content_type;
    std::string body;
    std::string if_match;
    std::string if_none_match;
    std::string if_none_exist;
    bool minimal = false;  // Prefer: return=minimal
};

struct Response {
    int status = 200;
    std::string body;
    std::string content_type = "application/fhir+json; charset=utf-8";
    std::map<std::string, std::string> headers;
};

// ETag and Last-Modified of a version; also Location when it was written.
Response response_of(const Version& version);
Response response_of_write(const Version& version, int status, const std::string& base);

// The segments of a path such as "CarePlan/id". Throws Problem 400 for wrong escapes.
std::vector<std::string> segments(const std::string& path);

}  // namespace careplug::exchange
