// HAPI FHIR, as another system would use it: its validator judges everything that the exchange serves, and its client
// searches, reads, is refused a stale save, and publishes a revision.
// Arguments: FHIR base. Two tokens come on standard input: a clinician's and a privacy officer's. One line a finding; the exit status says whether there is any.

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;

public final class OtherSystem {
    private static final String URN = "urn:x-local:careplug:";

    private final FhirContext context = FhirContext.forR4();
    private final IGenericClient client;
    private final List<String> findings = new ArrayList<>();

    private final String organisation;

    private OtherSystem(String base, String token) {
        organisation = claim(token, "organisation");
        context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.ONCE);
        context.getRestfulClientFactory().setSocketTimeout(30_000);
        client = context.newRestfulGenericClient(base);
        client.registerInterceptor(new BearerTokenAuthInterceptor(token));
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader tokens = new BufferedReader(new InputStreamReader(System.in));
        OtherSystem reads = new OtherSystem(arguments[0], tokens.readLine());
        OtherSystem officer = new OtherSystem(arguments[0], tokens.readLine());
        reads.validate(reads.everythingOf("Questionnaire", "Patient", "CarePlan", "QuestionnaireResponse", "Consent", "Flag", "Provenance"));
        officer.validate(officer.everythingOf("AuditEvent", "Communication"));
        reads.findings.addAll(officer.findings);
        reads.staleSaveIsRefused();
        reads.publish();
        reads.findings.forEach(System.out::println);
        System.out.println(reads.findings.isEmpty() ? "no finding" : reads.findings.size() + " findings");
        System.exit(reads.findings.isEmpty() ? 0 : 1);
    }

    private void expect(boolean held, String sentence) {
        if (!held) findings.add(sentence);
    }

    // Every page of every type, counted against the server's own count.
    private List<Resource> everythingOf(String... types) {
        List<Resource> all = new ArrayList<>();
        for (String type : types) {
            int before = all.size();
            Bundle page = client.search().byUrl(type + "?_count=20&_total=accurate").returnBundle(Bundle.class).execute();
            int total = page.getTotal();
            while (true) {
                page.getEntry().forEach(entry -> all.add(entry.getResource()));
                if (page.getLink(Bundle.LINK_NEXT) == null) break;
                page = client.loadPage().next(page).execute();
            }
            expect(all.size() - before == total, type + ": " + total + " counted, " + (all.size() - before) + " served");
            System.out.println(type + ": " + (all.size() - before));
        }
        return all;
    }

    private void validate(List<Resource> all) {
        PrePopulatedValidationSupport published = new PrePopulatedValidationSupport(context);
        for (Resource one : all)
            if (one instanceof Questionnaire questionnaire) published.addResource(questionnaire);
        FhirInstanceValidator rules = new FhirInstanceValidator(new ValidationSupportChain(new DefaultProfileValidationSupport(context),
            published, new InMemoryTerminologyServerValidationSupport(context), new CommonCodeSystemsTerminologyService(context)));
        rules.setAnyExtensionsAllowed(true);
        rules.setErrorForUnknownProfiles(false);
        FhirValidator validator = context.newValidator().registerValidatorModule(rules);
        Map<String, String> said = new TreeMap<>();
        Map<String, Integer> times = new TreeMap<>();
        for (Resource one : all)
            for (SingleValidationMessage message : validator.validateWithResult(one).getMessages()) {
                if (message.getSeverity().ordinal() < ResultSeverityEnum.ERROR.ordinal()) continue;
                String kind = one.fhirType() + ": " + message.getMessageId();
                said.putIfAbsent(kind, message.getLocationString() + ": " + message.getMessage());
                times.merge(kind, 1, Integer::sum);
            }
        said.forEach((kind, example) -> findings.add(times.get(kind) + " times " + kind + ", first at " + example));
        System.out.println("validated: " + all.size());
    }

    private String text(Resource one) {
        return context.newJsonParser().encodeResourceToString(one);
    }

    private CarePlan anActivePlan() {
        Bundle found = client.search().byUrl("CarePlan?status=active&_count=1").returnBundle(Bundle.class).execute();
        return (CarePlan) found.getEntryFirstRep().getResource();
    }

    private void staleSaveIsRefused() {
        CarePlan plan = anActivePlan();
        CarePlan read = client.read().resource(CarePlan.class)
            .withIdAndVersion(plan.getIdPart(), plan.getMeta().getVersionId()).execute();
        expect(text(read).equals(text(plan)), "the version that was read is not what the search gave");
        CarePlan changed = plan.copy();
        changed.setTitle("A title of another system");
        changed.setId("CarePlan/" + plan.getIdPart() + "/_history/another");
        try {
            client.update().resource(changed).withId(changed.getIdElement())
                .withAdditionalHeader("If-Match", "W/\"another\"").execute();
            findings.add("a save over another version was accepted");
        } catch (BaseServerResponseException refused) {
            expect(refused.getStatusCode() == 412, "a save over another version: " + refused.getMessage());
            expect(refused.getOperationOutcome() != null, "a refusal without an OperationOutcome");
        }
    }

    private static String claim(String token, String name) {
        String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
        Matcher value = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(claims);
        if (!value.find()) throw new IllegalArgumentException("The token says no " + name);
        return value.group(1);
    }

    // A revision that says the same, by this author, and the plan that points to it.
    private void publish() {
        CarePlan plan = anActivePlan();
        String before = plan.getSupportingInfoFirstRep().getReferenceElement().getIdPart();
        QuestionnaireResponse revision = client.read().resource(QuestionnaireResponse.class).withId(before).execute();
        String id = UUID.randomUUID().toString();
        revision.setId(id);
        revision.setMeta(null);
        revision.getIdentifier().setValue(id);
        revision.setAuthored(new Date());
        revision.getExtension().removeIf(one -> one.getUrl().equals(URN + "changes"));
        revision.addExtension(new Extension(URN + "changes", new StringType(before)));
        revision.setAuthor(new Reference().setDisplay("Dr P. Iwobi, GP, Alder Lane Surgery"));
        revision.getAuthor().getIdentifier().setSystem(URN + "issuer:sim").setValue("piwobi");

        CarePlan next = plan.copy();
        next.setMeta(null);
        next.getSupportingInfoFirstRep().setReference("QuestionnaireResponse/" + id).getIdentifier().setValue(id);
        int number = ((IntegerType) plan.getExtensionByUrl(URN + "plan-revision").getValue()).getValue();
        next.getExtensionByUrl(URN + "plan-revision").setValue(new IntegerType(number + 1));
        for (String name : List.of("author", "approver"))
            next.getExtensionByUrl(URN + name).setValue(new StringType(revision.getAuthor().getDisplay()));
        next.getExtensionByUrl(URN + "organisation").setValue(new StringType(organisation));
        next.getExtensionByUrl(URN + "approver-role").setValue(new org.hl7.fhir.r4.model.CodeType("gp"));

        Bundle transaction = new Bundle().setType(Bundle.BundleType.TRANSACTION);
        transaction.addEntry().setResource(revision).setFullUrl(client.getServerBase() + "/QuestionnaireResponse/" + id)
            .getRequest().setMethod(Bundle.HTTPVerb.PUT).setUrl("QuestionnaireResponse/" + id);
        transaction.addEntry().setResource(next).setFullUrl(client.getServerBase() + "/CarePlan/" + plan.getIdPart())
            .getRequest().setMethod(Bundle.HTTPVerb.PUT).setUrl("CarePlan/" + plan.getIdPart())
            .setIfMatch("W/\"" + plan.getMeta().getVersionId() + "\"");
        try {
            client.transaction().withBundle(transaction).execute();
        } catch (BaseServerResponseException refused) {
            findings.add("publishing was refused: " + refused.getMessage());
            return;
        }
        CarePlan after = client.read().resource(CarePlan.class).withId(plan.getIdPart()).execute();
        expect(after.getSupportingInfoFirstRep().getReferenceElement().getIdPart().equals(id), "the plan does not point to what was published");
        Bundle history = client.history().onInstance("CarePlan/" + plan.getIdPart()).returnBundle(Bundle.class).execute();
        expect(history.getEntry().size() >= 2, "the history of the plan lacks a version");
    }
}
