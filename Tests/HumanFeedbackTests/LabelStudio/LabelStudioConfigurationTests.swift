import Testing

@testable import HumanFeedback

@Suite struct LabelStudioConfigurationTests {
    private func parse(_ xml: String) throws(FeedbackError) -> LabelStudioConfiguration {
        try LabelStudioConfiguration(parsing: Array(xml.utf8), path: "config.xml")
    }

    @Test func theTemplateIsRead() throws {
        let configuration = try LabelStudioConfiguration.read(
            path: labelStudioFixture("config_pairwise_rlhf_template.xml"))
        #expect(
            configuration.pairwise == [
                .init(name: "comparison", leftField: "answer1", rightField: "answer2")
            ])
        #expect(configuration.promptField == "prompt")
    }

    @Test func theFullerConfigurationIsRead() throws {
        let configuration = try LabelStudioConfiguration.read(
            path: labelStudioFixture("config_full_preference.xml"))
        #expect(configuration.pairwise.map(\.name) == ["pref"])
        #expect(configuration.verdictName == "verdict")
        #expect(configuration.verdictAliases == ["A3": "left_much", "A1": "left"])
    }

    @Test func orderAndFieldsComeFromTheConfiguration() throws {
        let configuration = try parse(
            """
            <View>
              <Pairwise name="better" toName="b, a"/>
              <Text name="a" value="$first"/><Text name="b" value="$second"/>
              <Header value="What is better?"/>
              <HyperText name="q" value="$question"/>
              <Choices name="grade" toName="q"><Choice value="left"/><Choice value="right"/>
                <Choice value="tie"/></Choices>
            </View>
            """)
        #expect(
            configuration.pairwise == [
                .init(name: "better", leftField: "second", rightField: "first")
            ])
        #expect(configuration.promptField == "question")
        #expect(configuration.verdictName == "grade")
    }

    @Test(arguments: [
        ("<View/>", 1, "there is no <Pairwise> tag"),
        (
            "<View>\n<Pairwise name=\"c\" toName=\"a\"/></View>", 2,
            "<Pairwise> needs toName with two names, as in \"answer1,answer2\""
        ),
        (
            "<View><Pairwise toName=\"a,b\"/></View>", 1, "<Pairwise> has no name"
        ),
        (
            "<View><Pairwise name=\"c\" toName=\"a,b\"/>\n<Text name=\"a\" value=\"$a\"/></View>",
            1, "<Pairwise> compares \"b\", but no tag has that name"
        ),
        (
            "<View><Pairwise name=\"c\" toName=\"a,b\"/>\n"
                + "<Text name=\"a\" value=\"fixed\"/></View>",
            2, "the tag \"a\" shows no data: expected value=\"$…\""
        ),
        (
            "<View><Pairwise name=\"c\" toName=\"a,b\"/><Text name=\"a\" value=\"$a\"/>"
                + "<Text name=\"b\" value=\"$b\"/></View>", 1,
            "there is no <Text value=\"$…\"> beside the two answers to be the prompt"
        ),
        ("<View>", 1, "<View> is never closed"),
    ])
    func unusableConfigurationsAreRefused(xml: String, line: Int, problem: String) {
        let expected = FeedbackError.badConfiguration(
            path: "config.xml", line: line, problem: problem)
        #expect(throws: expected) { try parse(xml) }
    }

    @Test func badFilesAreRefused() throws {
        #expect(throws: FeedbackError.emptyFile(path: "config.xml")) { try parse(" \n") }
        #expect(throws: FeedbackError.notUTF8(path: "config.xml", line: 2, column: 3)) {
            try LabelStudioConfiguration(
                parsing: Array("<View>\n  ".utf8) + [0xE9], path: "config.xml")
        }
        #expect(throws: FeedbackError.missingFile(path: "/nothing.xml")) {
            try LabelStudioConfiguration.read(path: "/nothing.xml")
        }
    }
}
