import Foundation
import Testing

@Suite("commands for authors of mappings")
struct AuthorCommandTests {
    let project: Project
    init() throws { project = try Project() }

    // MARK: explain

    @Test("explain says place, rule, steps and table row, and masks the value")
    func explain() throws {
        let run = try project.run("explain", Project.first, "person.birthDate")
        #expect(run.status == 0)
        #expect(run.out.contains("person.birthDate = 9999-99-99"))
        #expect(run.out.contains("samples/letters/first.xml:9:10  /Letter/Patient/DOB   99/99/9999"))
        #expect(run.out.contains("mappings/letters/letters.yaml:19:16"))
        #expect(Secrets.leaked(in: run.out + run.error) == [])
        let table = try project.run("explain", Project.first, "urgency")
        #expect(table.out.contains("table priority   \"urgent\"   mappings/tables/priority.csv:2"))
    }

    @Test("explain shows the value to whoever asks for it")
    func unmasked() throws {
        #expect(
            try project.run("explain", Project.first, "person.birthDate", "--unmasked").out.contains("\"1951-11-07\""))
    }

    @Test("explain says which of several paths was taken")
    func alternatives() throws {
        #expect(
            try project.run("explain", Project.first, "person.name.preferred").out.contains(
                "path 2 of 2; nothing stood at \"l:KnownAs\""))
        #expect(try project.run("explain", Project.second, "person.name.preferred").out.contains("path 1 of 2"))
    }

    @Test(
        "explain says why a field is empty",
        arguments: [
            (Project.first, "aboutMe.text", "`from: \"l:AboutMe\"` of `aboutMe.text` selects nothing"),
            (Project.second, "work.asked", "the condition `when: \"l:WorkGoal\"` of `work.asked` does not hold"),
            (Project.first, "person.gender", "no rule of `letters` sets it"),
            (Project.second, "person.sex", "policy: missing: omit"),
        ])
    func empty(_ document: String, _ field: String, _ words: String) throws {
        let run = try project.run("explain", document, field)
        #expect(run.status == 0)
        #expect(run.out.contains("\(field) is empty"))
        #expect(run.out.contains(words))
    }

    @Test("explain gives the nearest name for a field that is not there")
    func unknownField() throws {
        let run = try project.run("explain", Project.first, "person.name.famly")
        #expect(run.status == 1)
        #expect(run.error.contains("did you mean `person.name.family`?"))
    }

    @Test("explain takes one item of a list, or all")
    func items() throws {
        let one = try project.run("explain", Project.first, "needs[1].text")
        #expect(one.out.contains("needs[1].text") && !one.out.contains("needs[0]"))
        let all = try project.run("explain", Project.first, "needs.text")
        #expect(all.out.contains("needs[0].text") && all.out.contains("needs[1].text"))
    }

    @Test("explain --all and --json leak nothing either", arguments: [["--all"], ["--all", "--json"]])
    func allFields(_ flags: [String]) throws {
        let run =
            try flags.count == 1
            ? project.run("explain", Project.first, flags[0])
            : project.run("explain", Project.first, flags[0], flags[1])
        #expect(run.status == 0)
        #expect(Secrets.leaked(in: run.out + run.error) == [])
        if flags.contains("--json") { #expect(run.json?["schema"] as? String == "linkway.explain/1") }
    }

    @Test("explain says what a code means, and knows the nearest one")
    func codes() throws {
        #expect(try project.run("explain", "nhs-number-check-digit").out.contains("help:"))
        let near = try project.run("explain", "nhs-number-chek-digit")
        #expect(near.status == 1 && near.error.contains("nhs-number-check-digit"))
        #expect(try project.run("explain", Project.first).status == 64)
    }

    // MARK: coverage

    @Test("coverage counts what is unread and shows no value, as text, JSON and page")
    func coverage() throws {
        let run = try project.run("coverage", Project.second, "--html", "coverage.html")
        #expect(run.status == 0)
        #expect(run.out.contains("/Letter/Note"))
        let page = try project.text("coverage.html")
        #expect(page.contains("<!DOCTYPE html>") && !page.contains("<script") && !page.contains("http://"))
        let json = try project.run("coverage", Project.second, "--json")
        #expect(json.json?["schema"] as? String == "linkway.coverage/1")
        #expect(Secrets.leaked(in: run.out + run.error + page + json.out) == [])
    }

    @Test("coverage fails below what is asked for")
    func failUnder() throws {
        #expect(try project.run("coverage", Project.second, "--fail-under", "100").status == 1)
        #expect(try project.run("coverage", Project.first, "--fail-under", "100").status == 0)
        #expect(try project.run("coverage", "--fail-under", "101").status == 64)
    }

    @Test("coverage without documents looks at the samples of the tests")
    func samples() throws {
        let run = try project.run("coverage", "--mapping", "letters")
        #expect(run.status == 0)
        #expect(run.out.contains("2 documents"))
    }

    // MARK: scan

    @Test("scan lists paths with kinds and shapes, never values")
    func scan() throws {
        let run = try project.run("scan", Project.first, Project.second)
        #expect(run.status == 0)
        #expect(run.out.contains("date dd/MM/yyyy") && run.out.contains("NHS number"))
        #expect(Secrets.leaked(in: run.out + run.error) == [])
        let json = try project.run("scan", Project.first, "--json")
        #expect(json.json?["schema"] as? String == "linkway.scan/1")
        #expect(Secrets.leaked(in: json.out) == [])
    }

    @Test("names of JSON members that are values themselves are not shown")
    func valueNames() throws {
        let json = #"{"people":{"9990004110":{"dob":"07/11/1951"},"9990000018":{"dob":"01/02/1960"}}}"#
        let run = try project.run("scan", try project.write("people.json", json))
        #expect(run.out.contains("$.people[*].dob"))
        #expect(Secrets.leaked(in: run.out) == [] && !run.out.contains("9990000018"))
    }

    @Test("a scaffold compiles as it is and maps the samples it was made from")
    func scaffold() throws {
        let run = try project.run("scan", Project.first, Project.second, "--scaffold", "new/mappings/ours/ours.yaml")
        #expect(run.status == 0)
        #expect(Secrets.leaked(in: try project.text("new/mappings/ours/ours.yaml")) == [])
        let check = try project.run("check", "--mappings", "new/mappings")
        #expect(check.status == 0, "\(check.out)")
        let map = try project.run("map", Project.second, "--mappings", "new/mappings")
        #expect(map.out.contains("Ottershaw") && map.out.contains("1960-02-01") && map.out.contains("9990004110"))
        #expect(try project.run("scan", Project.first, "--scaffold", "new/mappings/ours/ours.yaml").status == 73)
    }

    @Test("scan --against names what a mapping does not read yet")
    func against() throws {
        let run = try project.run("scan", Project.second, "--against", "letters")
        #expect(run.status == 1)
        #expect(run.out.contains("/Letter/Note"))
        #expect(Secrets.leaked(in: run.out + run.error) == [])
        #expect(try project.run("scan", Project.first, "--against", "letters").status == 0)
    }

    // MARK: diff

    @Test("diff of a document with itself is empty, with another it says what")
    func diff() throws {
        #expect(try project.run("diff", Project.first, Project.first).status == 0)
        let run = try project.run("diff", Project.first, Project.second)
        #expect(run.status == 1)
        #expect(run.out.contains("person.name.family"))
        #expect(Secrets.leaked(in: run.out + run.error) == [])
        #expect(
            try project.run("diff", Project.first, Project.second, "--json").json?["schema"] as? String
                == "linkway.diff/1")
    }

    @Test("diff takes canonical referrals too")
    func canonicalDiff() throws {
        try project.write("a.json", try project.run("map", "-q", Project.first).out)
        try project.write("b.json", try project.run("map", "-q", Project.second).out)
        #expect(try project.run("diff", "a.json", "a.json").status == 0)
        #expect(
            try project.run("diff", "a.json", "b.json", "--mappings", "nowhere").status == 1, "no mapping is needed")
    }

    @Test("diff --corpus puts losses first")
    func corpus() throws {
        let text = try project.text("mappings/letters/letters.yaml").replacingOccurrences(
            of: "l:Forename", with: "l:Forenam")
        try project.write("mappings/letters/new.yaml.txt", text)
        try project.write("changed/letters.yaml", text)
        let run = try project.run(
            "diff", "--corpus", "samples", "mappings/letters/letters.yaml", "changed/letters.yaml")
        #expect(run.status == 1)
        #expect(run.out.contains("LOST     2 ×  person.name.given[]"))
        #expect(Secrets.leaked(in: run.out + run.error) == [])
        let same = try project.run("diff", "--corpus", "samples", "mappings", "mappings")
        #expect(same.status == 0)
    }

    // MARK: check

    @Test("check warns of a misspelt element and names the right one")
    func misspelt() throws {
        #expect(try project.run("check", "--strict").status == 0)
        try project.edit("mappings/letters/letters.yaml", "l:Surname", "l:Surnam")
        let run = try project.run("check")
        #expect(run.status == 0)
        #expect(run.out.contains("warning[path-never-met]") && run.out.contains("did you mean `Surname`?"))
        #expect(try project.run("check", "--strict").status == 78)
    }

    @Test(
        "check sees what is misspelt under ignore, watch and tests, says where, and names the right one",
        arguments: [
            ("l:Head/l:Slot\"", "l:Head/l:Slto\"", "path-never-met", "did you mean `Slot`?", 40, 14),
            ("\"l:Head/l:Slot", "\"l:Haed/l:Slot", "path-never-met", "did you mean `Head`?", 40, 14),
            ("path: \"l:NoRisks", "path: \"l:NoRiks", "path-never-met", "did you mean `NoRisks`?", 41, 14),
            ("//l:Risk\"", "//l:NoRiscs\"", "path-never-met", "did you mean `NoRisks`?", 42, 11),
            ("sample: second.xml", "sample: secnd.xml", "sample-missing", "did you mean `second.xml`?", 45, 15),
            ("l:Patient/l:DOB\":", "l:Patient/l:DBO\":", "path-never-met", "selects no value of `first.xml`", 46, 34),
            ("{ sample: second", "{ smaple: second", "mapping-key-unknown", "did you mean `sample`?", 45, 7),
            ("expect: second", "expcet: second", "mapping-key-unknown", "did you mean `expect`?", 45, 27),
            ("date-impossible", "date-imposible", "finding-unknown", "did you mean `date-impossible`?", 46, 84),
        ])
    func misspeltLists(_ old: String, _ new: String, _ code: String, _ help: String, _ line: Int, _ column: Int) throws
    {
        try project.edit("mappings/letters/letters.yaml", old, new)
        let run = try project.run("check", "--strict")
        #expect(run.status == 78)
        #expect(run.out.contains("[\(code)]") && run.out.contains(help), "\(run.out)")
        #expect(run.out.contains("letters.yaml:\(line):\(column)"), "\(run.out)")
    }

    // MARK: effective, docs, schema

    @Test("the effective mapping says where each line is from and means the same")
    func effective() throws {
        let run = try project.run("effective", "letters")
        #expect(run.out.contains("# mappings/letters/letters-base.yaml:7:31") && run.out.contains("# default"))
        try project.write("whole/whole.yaml", run.out)
        for folder in ["tables"] {
            try FileManager.default.copyItem(
                at: project.folder.appendingPathComponent("mappings/\(folder)"),
                to: project.folder.appendingPathComponent("whole/\(folder)"))
        }
        let whole = try project.run("map", "-q", Project.first, "--mappings", "whole")
        #expect(whole.status == 0)
        #expect(whole.out == (try project.run("map", "-q", Project.first)).out)
    }

    @Test("docs is a table in Markdown")
    func docs() throws {
        let run = try project.run("docs", "letters")
        #expect(run.out.contains("| `urgency` | `l:Head/l:Priority` | code, table `priority` |"))
        #expect(run.out.contains("the practice's own diary"))
    }

    @Test("schemas are JSON", arguments: ["referral", "mapping"])
    func schema(_ subject: String) throws {
        let run = try project.run("schema", "print", subject)
        #expect(run.status == 0)
        #expect(run.json?["$schema"] != nil)
        #expect(try project.run("schema", "--fields").out.contains("person.name.given[]\ttext"))
    }

    @Test("schema write writes both, and again in their place")
    func schemaFiles() throws {
        for _ in 0..<2 { #expect(try project.run("schema", "write", "schemas").status == 0) }
        #expect(project.exists("schemas/mapping.schema.json") && project.exists("schemas/referral.schema.json"))
    }

    // MARK: ids, validate

    @Test("ids never says what a number should have been")
    func ids() throws {
        let good = try project.run("ids", "check", "9990004110", "A81001", "LS1 4AP")
        #expect(good.status == 0)
        let bad = try project.run("ids", "9990004111")
        #expect(bad.status == 1)
        #expect(!bad.out.contains("9990004110") && !bad.out.contains("did you mean"))
        #expect(try project.run("ids", "9990004110", "--json").json?["schema"] as? String == "linkway.ids/1")
    }

    @Test("validate answers for canonical referrals and for documents")
    func validate() throws {
        let canonical = try project.run("map", "-q", Project.first).out
        #expect(try project.run("validate", "-", input: canonical).status == 0)
        #expect(try project.run("validate", Project.first).status == 0)
        #expect(try project.run("validate", Project.first, "--profile", "prsb-sp-1.1").status == 2)
        #expect(try project.run("validate", "-", input: "{\"schema\":\"referral/1\",\"foo\":1}").status == 1)
        #expect(try project.run("validate", "-", input: "{").status == 65)
        let json = try project.run("validate", Project.first, "--json")
        #expect(json.json?["acceptable"] as? String == "yes")
        #expect(Secrets.leaked(in: json.out) == [])
    }
}
