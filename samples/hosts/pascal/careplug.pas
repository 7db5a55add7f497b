{ host.h for Free Pascal and Delphi: its records and functions. A product copies this file as it is. }
unit careplug;

{$mode objfpc}{$h+}
{$packrecords c}
{$linklib c}

interface

uses
  SysUtils;

{ region: records }
type
  TOffer = record
    size: LongWord;
    major, minor, candidate: LongInt;
  end;

  TAnswer = record
    size: LongWord;
    major, minor, candidate: LongInt;
    sentence: array[0..255] of AnsiChar;
  end;

  TPatientKey = record
    size: LongWord;
    number_status: LongInt;
    nhs_number, birth_date: array[0..15] of AnsiChar;
  end;

  TEvent = record
    size: LongWord;
    kind, status, reserved: LongInt;
    subject, body, generation: QWord;
    time: Int64;
  end;

  TFlag = record
    word, state: LongWord;
    changed: Int64;
  end;

  TFlags = record
    size: LongWord;
    knowledge, last_knowledge, reason: LongInt;
    revision, count: LongWord;
    checked, amended, since: Int64;
    flags: array[0..11] of TFlag;
  end;

  TWord = record
    size: LongWord;
    slot: LongInt;
    id: array[0..31] of AnsiChar;
    words: array[0..63] of AnsiChar;
  end;

  TOperation = record
    size: LongWord;
    state, status: LongInt;
    revision: LongWord;
  end;
{ end }

{ region: functions }
function careplug_open(var offer: TOffer; var answer: TAnswer; name: PChar; nameLength: QWord; settings: PChar;
  settingsLength: QWord; out loader, problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_close(loader: QWord): LongInt; cdecl; external 'careplug';
function careplug_result(handle: QWord; out data: PChar; out length: QWord): LongInt; cdecl; external 'careplug';
function careplug_release(handle: QWord): LongInt; cdecl; external 'careplug';
function careplug_session_open(loader: QWord; kind: PChar; kindLength: QWord; workstation: PChar;
  workstationLength: QWord; out session, problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_session_close(session: QWord): LongInt; cdecl; external 'careplug';
function careplug_next_event(session: QWord; var event: TEvent): LongInt; cdecl; external 'careplug';
function careplug_complete(session, request: QWord; status: LongInt; body: PChar; bodyLength: QWord;
  out problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_watch(session: QWord; var patients: TPatientKey; stride, count: QWord;
  out problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_flags(session: QWord; var patients: TPatientKey; stride: QWord; var flags: TFlags;
  flagsStride, count: QWord): LongInt; cdecl; external 'careplug';
function careplug_word(session: QWord; word: LongWord; var entry: TWord): LongInt; cdecl; external 'careplug';
function careplug_receipt(session: QWord; var patient: TPatientKey; receipt: LongInt; reason: PChar;
  reasonLength: QWord; out problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_patient_open(session: QWord; var key: TPatientKey; name: PChar; nameLength: QWord; basis: LongInt;
  reason: PChar; reasonLength: QWord; out patient, problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_patient_may_close(patient: QWord; out problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_patient_close(patient: QWord): LongInt; cdecl; external 'careplug';
function careplug_actions(patient: QWord; out result_, problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_panel_open(patient: QWord; action: PChar; actionLength: QWord;
  out panel, problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_panel_view(panel: QWord; out result_, problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_panel_update(panel: QWord; items: PChar; itemsLength: QWord;
  out result_, problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_panel_validate(panel: QWord; intent: LongInt;
  out result_, problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_panel_submit(panel: QWord; intent: LongInt;
  out operation, problem: QWord): LongInt; cdecl; external 'careplug';
function careplug_panel_close(panel: QWord): LongInt; cdecl; external 'careplug';
function careplug_operation(operation: QWord; var entry: TOperation): LongInt; cdecl; external 'careplug';
{ end }

type
  ERefused = class(Exception);

var
  problem: QWord; { of the last call that was refused }

function Take(handle: QWord): string;
function Done(status: LongInt): LongInt;

implementation

{ region: results }
{ The text of a result or a problem, which is given back. }
function Take(handle: QWord): string;
var
  data: PChar;
  size: QWord;
begin
  careplug_result(handle, data, size);
  SetString(Result, data, size);
  careplug_release(handle);
end;

{ Below 100 a status means done; the problem says what stood against the others. }
function Done(status: LongInt): LongInt;
begin
  if status >= 100 then raise ERefused.Create(Take(problem));
  Result := status;
end;
{ end }

end.
