/// Labelling configurations for new projects.
public enum LabelStudioTemplate: String, CaseIterable, Sendable {
    /// Two answers to click on: Label Studio's own way, without ties and without keys.
    case plain
    /// A verdict with keys 1 to 6, ties and both bad among them, confidence, flags and a remark.
    case full

    /// The configuration's XML; its data are `prompt`, `answer1` (left) and `answer2`.
    public var xml: String {
        switch self {
        case .plain:
            """
            <View>
              <Style>.cols{display:flex;gap:1em}.col{flex:1;white-space:pre-wrap}</Style>
              <Header value="Which answer is better?"/>
              <Text name="prompt" value="$prompt"/>
              <Pairwise name="comparison" toName="answer1,answer2" selectionStyle="border:2px solid #2ecc71"/>
              <View className="cols">
                <View className="col"><Text name="answer1" value="$answer1"/></View>
                <View className="col"><Text name="answer2" value="$answer2"/></View>
              </View>
            </View>

            """
        case .full:
            """
            <View>
              <Style>.cols{display:flex;gap:1em}.col{flex:1;white-space:pre-wrap}</Style>
              <Header value="Which answer is better?"/>
              <Text name="prompt" value="$prompt"/>
              <Pairwise name="comparison" toName="answer1,answer2" selectionStyle="border:2px solid #2ecc71"/>
              <View className="cols">
                <View className="col"><Text name="answer1" value="$answer1"/></View>
                <View className="col"><Text name="answer2" value="$answer2"/></View>
              </View>
              <Choices name="verdict" toName="prompt" choice="single-radio" showInline="true" required="true" \
            requiredMessage="Say which answer is better">
                <Choice value="left_much" hotkey="1"/>
                <Choice value="left" hotkey="2"/>
                <Choice value="tie" hotkey="3"/>
                <Choice value="right" hotkey="4"/>
                <Choice value="right_much" hotkey="5"/>
                <Choice value="both_bad" hotkey="6"/>
              </Choices>
              <Rating name="confidence" toName="prompt" maxRating="5"/>
              <Choices name="flags" toName="prompt" choice="multiple" showInline="true">
                <Choice value="unsafe"/><Choice value="factual_error"/>
              </Choices>
              <TextArea name="rationale" toName="prompt" rows="2" maxSubmissions="1"/>
            </View>

            """
        }
    }
}
