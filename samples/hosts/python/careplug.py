"""host.h for Python: its records and functions, by ctypes. A product copies this file as it is."""
import ctypes as c
from ctypes import byref

# region: records
Handle, Text, Out = c.c_uint64, (c.c_char_p, c.c_uint64), c.POINTER(c.c_uint64)


class Record(c.Structure):
    """Made with its size set; the fields that are not given are zero."""
    def __init__(self, **fields):
        super().__init__(c.sizeof(self), **fields)


class Offer(Record):
    _fields_ = [("size", c.c_uint32), ("major", c.c_int32), ("minor", c.c_int32), ("candidate", c.c_int32)]


class Answer(Record):
    _fields_ = [*Offer._fields_, ("sentence", c.c_char * 256)]


class PatientKey(Record):
    _fields_ = [("size", c.c_uint32), ("number_status", c.c_int32),
                ("nhs_number", c.c_char * 16), ("birth_date", c.c_char * 16)]


class Event(Record):
    _fields_ = [("size", c.c_uint32), ("kind", c.c_int32), ("status", c.c_int32), ("reserved", c.c_int32),
                ("subject", Handle), ("body", Handle), ("generation", c.c_uint64), ("time", c.c_int64)]


class Flag(c.Structure):
    _fields_ = [("word", c.c_uint32), ("state", c.c_uint32), ("changed", c.c_int64)]


class Flags(Record):
    _fields_ = [("size", c.c_uint32), ("knowledge", c.c_int32), ("last_knowledge", c.c_int32), ("reason", c.c_int32),
                ("revision", c.c_uint32), ("count", c.c_uint32), ("checked", c.c_int64), ("amended", c.c_int64),
                ("since", c.c_int64), ("flags", Flag * 12)]


class Word(Record):
    _fields_ = [("size", c.c_uint32), ("slot", c.c_int32), ("id", c.c_char * 32), ("words", c.c_char * 64)]


class Operation(Record):
    _fields_ = [("size", c.c_uint32), ("state", c.c_int32), ("status", c.c_int32), ("revision", c.c_uint32)]


# end
# region: functions
P = c.POINTER
library = c.CDLL("libcareplug.so")
for name, arguments in {
        "open": [P(Offer), P(Answer), *Text, *Text, Out, Out], "close": [Handle],
        "result": [Handle, P(c.c_char_p), P(c.c_uint64)], "release": [Handle],
        "session_open": [Handle, *Text, *Text, Out, Out], "session_close": [Handle],
        "wait_handle": [Handle, P(c.c_int64)], "next_event": [Handle, P(Event)],
        "complete": [Handle, Handle, c.c_int32, *Text, Out],
        "watch": [Handle, P(PatientKey), c.c_uint64, c.c_uint64, Out],
        "flags": [Handle, P(PatientKey), c.c_uint64, P(Flags), c.c_uint64, c.c_uint64],
        "word": [Handle, c.c_uint32, P(Word)], "receipt": [Handle, P(PatientKey), c.c_int32, *Text, Out],
        "patient_open": [Handle, P(PatientKey), *Text, c.c_int32, *Text, Out, Out], "patient_close": [Handle],
        "patient_may_close": [Handle, Out], "actions": [Handle, Out, Out], "panel_open": [Handle, *Text, Out, Out],
        "panel_view": [Handle, Out, Out], "panel_update": [Handle, *Text, Out, Out],
        "panel_validate": [Handle, c.c_int32, Out, Out], "panel_submit": [Handle, c.c_int32, Out, Out],
        "panel_close": [Handle], "operation": [Handle, P(Operation)]}.items():
    getattr(library, "careplug_" + name).argtypes = arguments  # the default would cut handles to 32 bits
    getattr(library, "careplug_" + name).restype = c.c_int32


# end
# region: calls
class Refused(Exception):
    """What stood against a call, as a sentence for a person."""


def text(words):
    return words.encode(), len(words.encode())


def take(handle):
    """The text of a result or a problem, which is given back."""
    data, length = c.c_char_p(), c.c_uint64()
    library.careplug_result(handle, byref(data), byref(length))
    words = c.string_at(data, length.value).decode() if data else ""
    library.careplug_release(handle)
    return words


def call(function, *arguments):
    """Calls a function whose last argument is `problem`. Below 100 a status means done."""
    problem = Handle()
    status = getattr(library, "careplug_" + function)(*arguments, byref(problem))
    if status >= 100:
        raise Refused(take(problem) or f"{function}: status {status}")
    return status


def made(function, *arguments):
    """Calls a function that gives a handle before `problem`."""
    handle = Handle()
    call(function, *arguments, byref(handle))
    return handle
# end
