{ A host in Free Pascal (Delphi's kin): from sign-in to a published plan, with host.h and libcareplug alone.

  build: fpc -v0 -O1 -Fl"$CAREPLUG/lib" host.pas
  run: ./host

  Arguments: SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME. A product takes the identity of
  its signed-in user, the record and the answers from itself; here they are read from files. It reads results
  with its JSON library; here a search for a quoted word does. }
program host;

{$mode objfpc}{$h+}

uses
  SysUtils, Classes, careplug;

var
  session: QWord;
  key: TPatientKey;
  tokenFile, recordFile, digits: string;

function ReadFile(const name: string): string;
var
  stream: TFileStream;
begin
  Result := '';
  stream := TFileStream.Create(name, fmOpenRead or fmShareDenyNone);
  try
    SetLength(Result, stream.Size);
    stream.ReadBuffer(PChar(Result)^, stream.Size);
  finally
    stream.Free;
  end;
  Result := Trim(Result);
end;

{ region: handshake }
function OpenLoader(const settings: string; candidate: LongInt): QWord;
const
  name = 'Pascal sample 1.0';
var
  offer: TOffer;
  answer: TAnswer;
begin
  offer.size := SizeOf(offer);
  offer.major := 1;
  offer.minor := 0;
  offer.candidate := candidate;
  FillChar(answer, SizeOf(answer), 0);
  answer.size := SizeOf(answer);
  Done(careplug_open(offer, answer, name, Length(name), PChar(settings), Length(settings), Result, problem));
end;
{ end }

{ region: events }
procedure Complete(request: QWord; const asked: string);
var
  body: string;
  status: LongInt = 0;
begin
  if Pos('"identity"', asked) > 0 then body := ReadFile(tokenFile)
  else if (Pos('"record"', asked) > 0) and (Pos('"' + digits + '"', asked) > 0) then body := ReadFile(recordFile)
  else begin
    status := 100;
    body := 'This program cannot give that.';
  end;
  Done(careplug_complete(session, request, status, PChar(body), Length(body), problem));
end;

{ The next event that is not a request: requests are answered here. A product asks on its idle timer. }
function Pull(out text: string): TEvent;
var
  waited: Integer = 0;
begin
  while waited < 20000 do begin
    FillChar(Result, SizeOf(Result), 0);
    Result.size := SizeOf(Result);
    careplug_next_event(session, Result);
    text := '';
    if Result.body <> 0 then text := Take(Result.body);
    case Result.kind of
      0: begin { nothing waits }
        Sleep(20);
        Inc(waited, 20);
      end;
      1: Complete(Result.subject, text);
      7: raise ERefused.Create('The engine stopped: ' + text);
    else
      Exit;
    end;
  end;
  raise ERefused.Create('No event came in 20 seconds.');
end;
{ end }

{ region: flags }
function ReadFlags: TFlags;
begin
  FillChar(Result, SizeOf(Result), 0);
  Result.size := SizeOf(Result);
  careplug_flags(session, key, SizeOf(key), Result, SizeOf(Result), 1);
end;

procedure PrintFlags;
const
  known: array[1..5] of string = ('NO PLAN', 'PLAN', 'SUSPENDED', 'CLOSED', 'REMOVED');
var
  flags: TFlags;
  flag: TFlag;
  entry: TWord;
  line: string;
  i, covered: Integer;
begin
  flags := ReadFlags;
  if flags.knowledge in [1..5] then line := known[flags.knowledge]
  else line := 'NOT KNOWN (reason ' + IntToStr(flags.reason) + ')';
  covered := 0;
  for i := 0 to 11 do begin
    if i >= flags.count then Break;
    flag := flags.flags[i];
    FillChar(entry, SizeOf(entry), 0);
    entry.size := SizeOf(entry);
    careplug_word(session, flag.word, entry);
    if flag.state and 4 <> 0 then Inc(covered)
    else begin
      line := line + ' [' + PChar(@entry.words);
      if flag.state and 1 <> 0 then line := line + ', last known';
      if flag.state and 2 <> 0 then line := line + ', changed';
      line := line + ']';
    end;
  end;
  if covered > 0 then line := line + ' +' + IntToStr(covered);
  WriteLn('flags: ', line);
  Done(careplug_receipt(session, key, 1, nil, 0, problem)); { shown }
end;
{ end }

{ region: panel }
procedure Edit(patient: QWord; const action, answers: string);
var
  panel, made, operation: QWord;
  view, text: string;
  event: TEvent;
  outcome: TOperation;
begin
  Done(careplug_panel_open(patient, PChar(action), Length(action), panel, problem));
  repeat { until the plan and this host's record are in the form }
    Done(careplug_panel_view(panel, made, problem));
    view := Take(made);
    if (Pos('"awaited"', view) = 0) and (Pos('"loading"', view) = 0) then Break;
    Pull(text);
  until False;
  Done(careplug_panel_update(panel, PChar(answers), Length(answers), made, problem));
  careplug_release(made);
  WriteLn('draft kept');
  Done(careplug_panel_validate(panel, 2, made, problem)); { 2: publish }
  careplug_release(made);
  Done(careplug_panel_submit(panel, 2, operation, problem));
  repeat
    event := Pull(text);
  until (event.kind = 5) and (event.subject = operation);
  WriteLn('outcome: ', event.status, ' ', text);
  FillChar(outcome, SizeOf(outcome), 0);
  outcome.size := SizeOf(outcome);
  careplug_operation(operation, outcome);
  careplug_release(operation);
  careplug_panel_close(panel);
  while ReadFlags.revision < outcome.revision do Pull(text);
  PrintFlags;
end;
{ end }

procedure Work(loader: QWord);
var
  patient, made: QWord;
  event: TEvent;
  text, offered, action, name: string;
begin
  Done(careplug_session_open(loader, 'gp', 2, 'desk 1', 6, session, problem));
  repeat
    event := Pull(text);
  until event.kind = 2;
  if event.status >= 100 then raise ERefused.Create(text);
  WriteLn('signed in');

  Done(careplug_watch(session, key, SizeOf(key), 1, problem));
  while (ReadFlags.knowledge = 0) and (ReadFlags.reason = 2) do Pull(text); { 2: not asked yet }
  PrintFlags;

  name := ParamStr(7);
  Done(careplug_patient_open(session, key, PChar(name), Length(name), 1, nil, 0, patient, problem)); { 1: registered }
  Done(careplug_actions(patient, made, problem));
  offered := Take(made);
  if Pos('"create"', offered) > 0 then action := 'create'
  else if Pos('"edit"', offered) > 0 then action := 'edit'
  else if Pos('"continue"', offered) > 0 then action := 'continue'
  else action := 'none';
  WriteLn('action: ', action);
  if action <> 'none' then Edit(patient, action, ReadFile(ParamStr(4)));
  WriteLn('leaving: ', Done(careplug_patient_may_close(patient, problem)));
  careplug_patient_close(patient);
  careplug_session_close(session);
end;

procedure Run;
var
  loader: QWord;
begin
  if ParamCount <> 7 then
    raise ERefused.Create('usage: host SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME');
  tokenFile := ParamStr(2);
  recordFile := ParamStr(3);
  digits := StringReplace(ParamStr(5), ' ', '', [rfReplaceAll]);
  FillChar(key, SizeOf(key), 0);
  key.size := SizeOf(key);
  key.number_status := 1; { verified }
  StrPLCopy(key.nhs_number, ParamStr(5), 15);
  StrPLCopy(key.birth_date, ParamStr(6), 15);

  try
    OpenLoader(ParamStr(1), 99);
  except
    on refused: ERefused do WriteLn('refused: ', refused.Message); { nothing is open: another offer may be made }
  end;
  loader := OpenLoader(ParamStr(1), 1);
  try
    Work(loader);
  finally
    careplug_close(loader);
  end;
  WriteLn('closed');
end;

begin
  try
    Run;
  except
    on refused: ERefused do begin
      WriteLn('problem: ', refused.Message);
      Halt(1);
    end;
  end;
end.
