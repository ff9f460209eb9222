import Foundation
import Testing

@Suite("linkway test")
struct GoldenCommandTests {
    let project: Project
    init() throws { project = try Project() }

    @Test("a new golden file is reviewed, accepted and then passes")
    func accept() throws {
        let first = try project.run("test")
        #expect(first.status == 1)
        #expect(project.exists("samples/letters/first.referral.json.received"))
        let review = try project.run("test", "review")
        #expect(review.status == 1)
        #expect(review.out.contains("person.birthDate  + 1951-11-07"))
        #expect(review.out.contains("source.sha256  + "), "the last value too")
        #expect(try project.run("test", "accept").status == 0)
        #expect(try project.run("test").status == 0)
        #expect(!project.exists("samples/letters/first.referral.json.received"))
    }

    @Test("with CI set nothing is written")
    func continuousIntegration() throws {
        #expect(try project.run("test", environment: ["CI": "true"]).status == 1)
        #expect(!project.exists("samples/letters/first.referral.json.received"))
        #expect(try project.run("test", "accept", environment: ["CI": "true"]).status == 1)
        #expect(!project.exists("samples/letters/first.referral.json"))
    }

    @Test("reject removes what was received")
    func reject() throws {
        _ = try project.run("test")
        #expect(try project.run("test", "reject").status == 0)
        #expect(!project.exists("samples/letters/first.referral.json.received"))
    }

    @Test("--json parses and --junit is written")
    func reports() throws {
        let run = try project.run("test", "--json", "--junit", "junit.xml")
        #expect(run.json?["schema"] as? String == "linkway.test/1")
        #expect(try project.text("junit.xml").contains("<testsuites"))
    }

    @Test("--coverage adds how much of the samples is accounted for")
    func coverage() throws {
        _ = try project.run("test", "accept")
        let run = try project.run("test", "--coverage")
        #expect(run.status == 0)
        #expect(run.out.contains("letters@2   28 of 29 values accounted for, 96 %"))
    }

    @Test("a broken mapping beside it ends with 78 after the others have run")
    func broken() throws {
        _ = try project.run("test", "accept")
        try project.write("mappings/other/other.yaml", "mapping: other\nversion: 1\n")
        let run = try project.run("test")
        #expect(run.status == 78)
        #expect(run.out.contains("3 passed"))
    }
}
